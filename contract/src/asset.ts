import { z } from 'zod'
import { ItemRef, Money, TwoTimes } from './item.ts'
import { Id, Instant, PersonRef } from './record.ts'
import { defineRoutes } from './route.ts'

// The commercial side of items: what they cost, who delivers them, what covers them, and what ends when.

const Day = z.iso.date()

/** How near the end of something is: `soon` is when its owner has been told, or is about to be. */
export const EndStatus = z.enum(['runs', 'soon', 'over', 'not_yet'])
export type EndStatus = z.infer<typeof EndStatus>

export const AssetEnd = z.object({
  day: Day.nullable(),
  /** The last day on which notice can be given; null where none has to be. */
  noticeBy: Day.nullable(),
  /** From this day on the owner knows. */
  tellFrom: Day.nullable(),
  status: EndStatus,
  sentence: z.string(),
})
export type AssetEnd = z.infer<typeof AssetEnd>

export const AssetContract = z.object({
  item: ItemRef,
  number: z.string(),
  provider: ItemRef.nullable(),
  startsOn: Day.nullable(),
  end: AssetEnd,
})
export type AssetContract = z.infer<typeof AssetContract>

/** A list of which the first are told. */
const Told = z.object({ count: z.int(), items: z.array(ItemRef) })

export const Commercial = z.object({
  id: Id,
  validAt: Instant,
  isNow: z.boolean(),
  owner: PersonRef.nullable(),
  /** Null where nobody gave it, or where this reader may not see it. */
  cost: Money.nullable(),
  boughtOn: Day.nullable(),
  /** What is left of the cost on that day, and how that is reckoned. */
  book: z.object({ value: Money, sentence: z.string() }).nullable(),
  supplier: ItemRef.nullable(),
  contracts: z.array(AssetContract),
  warranty: AssetEnd.nullable(),
  /** Of a contract: itself. */
  contract: AssetContract.nullable(),
  /** Of a contract: what it covers. Null at another time than now. */
  covers: Told.nullable(),
  /** Of a provider: its contracts, the services it provides and what it delivered. */
  provides: z
    .object({ contracts: z.array(AssetContract), services: z.array(ItemRef), delivered: Told })
    .nullable(),
})
export type Commercial = z.infer<typeof Commercial>

export const LicenseMetric = z.enum(['device', 'user', 'core'])
export type LicenseMetric = z.infer<typeof LicenseMetric>

export const LicensePosition = z.object({
  product: ItemRef,
  metric: LicenseMetric,
  entitled: z.number(),
  used: z.number(),
  /** Entitled less used: below zero is under-licensed. */
  balance: z.number(),
  standing: z.enum(['under', 'exact', 'over']),
  /** How both numbers were counted. */
  entitledSentence: z.string(),
  usedSentence: z.string(),
  /** What could not be counted: the number is a lower bound. Empty when everything could. */
  doubt: z.string(),
})
export type LicensePosition = z.infer<typeof LicensePosition>

export const LicenseProof = LicensePosition.extend({
  licenses: z.array(
    z.object({
      item: ItemRef,
      quantity: z.number(),
      startsOn: Day.nullable(),
      endsOn: Day.nullable(),
      /** Whether it counts on that day, and if not, why. */
      counts: z.boolean(),
      sentence: z.string(),
    }),
  ),
  uses: z.array(
    z.object({
      item: ItemRef,
      usedBy: PersonRef.nullable(),
      cores: z.number().nullable(),
      counts: z.boolean(),
      /** How much of the number it makes; a person on two devices is one. */
      adds: z.number(),
      sentence: z.string(),
    }),
  ),
  /** Not all uses are told; the numbers count all. */
  more: z.boolean(),
})
export type LicenseProof = z.infer<typeof LicenseProof>

export const RegisteredProvider = z.object({
  item: ItemRef,
  lei: z.string(),
  legalName: z.string(),
  country: z.string(),
  substitutability: z.string(),
  exitPlan: z.boolean().nullable(),
  lastAuditOn: Day.nullable(),
  contracts: z.array(AssetContract),
  services: z.array(
    z.object({
      item: ItemRef,
      criticality: z.int().nullable(),
      important: z.boolean(),
      usersServed: z.number().nullable(),
      rtoMinutes: z.number().nullable(),
      rpoMinutes: z.number().nullable(),
    }),
  ),
  /** At least one of the services is a critical or important function. */
  supportsImportant: z.boolean(),
  /** Whom it passes parts on to, whom they pass parts on to, and so on: each once, with the rank in the chain. */
  chain: z.array(z.object({ item: ItemRef, rank: z.int(), from: ItemRef })),
  /** What the register asks and nobody has said yet. */
  gaps: z.array(z.string()),
})
export type RegisteredProvider = z.infer<typeof RegisteredProvider>

export const registerTables = ['providers', 'contracts', 'supply-chain', 'functions', 'assessments'] as const
export const RegisterTable = z.enum(registerTables)
export type RegisterTable = z.infer<typeof RegisterTable>

const ById = z.object({ id: Id })

export const assetRoutes = defineRoutes({
  readCommercial: {
    method: 'GET',
    path: '/items/{id}/commercial',
    summary: 'What an item costs, who delivers it, what covers it and what ends when, at any two times',
    access: 'item.read',
    params: ById,
    query: TwoTimes,
    answer: Commercial,
  },
  listContracts: {
    method: 'GET',
    path: '/contracts',
    summary: 'Contracts and licenses, those that end first at the top',
    access: 'item.read',
    answer: z.object({ rows: z.array(AssetContract), more: z.boolean() }),
  },
  listLicensePositions: {
    method: 'GET',
    path: '/license-positions',
    summary: 'What licenses allow against what is installed, product by product, at any two times',
    access: 'item.read',
    query: TwoTimes,
    answer: z.object({
      validAt: Instant,
      knownAt: Instant,
      rows: z.array(LicensePosition),
      more: z.boolean(),
    }),
  },
  readLicensePosition: {
    method: 'GET',
    path: '/license-positions/{id}',
    summary: 'The licenses and the installations behind both numbers of a product, at any two times',
    access: 'item.read',
    params: ById,
    query: TwoTimes,
    answer: z.object({ validAt: Instant, knownAt: Instant, positions: z.array(LicenseProof) }),
  },
  listRegister: {
    method: 'GET',
    path: '/providers',
    summary:
      'Third-party providers with what they provide, under which contracts, and whom they pass it on to',
    access: 'item.read',
    query: TwoTimes,
    answer: z.object({ validAt: Instant, rows: z.array(RegisteredProvider) }),
  },
  exportRegister: {
    method: 'GET',
    path: '/providers/register/{table}',
    summary:
      'A table of the register of information (DORA Article 28) as CSV, as far as its columns are known',
    access: 'export',
    params: z.object({ table: RegisterTable }),
    query: TwoTimes,
    media: { answer: 'text/csv' },
  },
})
