import type { RegisterTable } from '@evenkeel/contract/asset'
import { Money, type TwoTimes } from '@evenkeel/contract/item'
import { write } from '../../platform/journal/write.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { inForce, type ItemRow } from '../configuration/index.ts'
import { csvLine } from '../record/index.ts'
import { dayIn, idsIn, mustReachAll, numberIn, textIn, yesIn } from './asset.read.ts'
import { readRegister, type Register, type Registered } from './asset.register.ts'

/**
 * Tables of the register of information (Implementing Regulation (EU) 2024/2956, annex I) as far as the model knows their columns; heads
 * carry the column's number. Codes of the authorities' taxonomy are left to the tool that submits: values are words. What is left out is
 * listed in docs/register-of-information.md.
 */
type Cell = string | number | null
type Line = readonly Cell[]

export const heads: Readonly<Record<RegisterTable, readonly string[]>> = {
  providers: [
    'B_05.01.0010 Identification code of the ICT third-party service provider',
    'B_05.01.0020 Type of code',
    'B_05.01.0050 Legal name',
    'B_05.01.0070 Type of person',
    'B_05.01.0080 Country of headquarters',
    'B_05.01.0090 Currency of annual expense',
    'B_05.01.0100 Total annual expense or estimated cost',
    'B_05.01.0110 Identification code of the ultimate parent undertaking',
    'B_05.01.0120 Type of code of the ultimate parent undertaking',
  ],
  contracts: [
    'B_02.02.0010 Contractual arrangement reference number',
    'B_02.01.0020 Type of contractual arrangement',
    'B_02.01.0040 Currency of annual expense',
    'B_02.01.0050 Annual expense or estimated cost',
    'B_02.02.0030 Identification code of the ICT third-party service provider',
    'B_02.02.0040 Type of code',
    'B_02.02.0050 Function identifier',
    'B_02.02.0060 Type of ICT services',
    'B_02.02.0070 Start date',
    'B_02.02.0080 End date',
    'B_02.02.0100 Notice period for the financial entity, in days',
    'B_02.02.0120 Country of the governing law',
  ],
  'supply-chain': [
    'B_05.02.0010 Contractual arrangement reference number',
    'B_05.02.0020 Type of ICT services',
    'B_05.02.0030 Identification code of the ICT third-party service provider',
    'B_05.02.0040 Type of code',
    'B_05.02.0050 Rank',
    'B_05.02.0060 Identification code of the recipient of sub-contracted services',
    'B_05.02.0070 Type of code of the recipient',
  ],
  functions: [
    'B_06.01.0010 Function identifier',
    'B_06.01.0030 Function name',
    'B_06.01.0050 Criticality or importance assessment',
    'B_06.01.0080 Recovery time objective, in hours',
    'B_06.01.0090 Recovery point objective, in hours',
  ],
  assessments: [
    'B_07.01.0010 Contractual arrangement reference number',
    'B_07.01.0020 Identification code of the ICT third-party service provider',
    'B_07.01.0030 Type of code',
    'B_07.01.0040 Type of ICT services',
    'B_07.01.0050 Substitutability of the ICT third-party service provider',
    'B_07.01.0060 Reason if not substitutable or difficult to substitute',
    'B_07.01.0070 Date of the last audit',
    'B_07.01.0080 Existence of an exit plan',
    'B_07.01.0110 Alternative ICT third-party service providers identified',
    'B_07.01.0120 Identification of alternative ICT third-party service providers',
  ],
}

/** Who it is: by LEI where there is one, by our own name for it otherwise. */
const code = (row: ItemRow): readonly [string, string] =>
  textIn(row, 'lei') === '' ? [row.name, 'name'] : [textIn(row, 'lei'), 'LEI']

const number = (row: ItemRow): string =>
  textIn(row, 'contract_number') === '' ? row.name : textIn(row, 'contract_number')

const expense = (row: ItemRow): readonly [string, string] => {
  const money = Money.safeParse(row.values['annual_cost'])
  return money.success ? [money.data.currency, money.data.amount] : ['', '']
}

/** Of one currency: amounts of several have no sum. */
const sum = (contracts: readonly ItemRow[]): readonly [string, string] => {
  const all = contracts.map(expense).filter(([, amount]) => amount !== '')
  const [currency] = all[0] ?? ['']
  if (all.length === 0 || all.some(([one]) => one !== currency)) return ['', '']
  const parts = all.reduce((total, [, amount]) => total + tenThousandths(amount), 0n)
  return [
    currency,
    `${parts / 10_000n}.${String(parts % 10_000n)
      .padStart(4, '0')
      .slice(0, 2)}`,
  ]
}

const tenThousandths = (amount: string): bigint => {
  const [whole = '0', fraction = ''] = amount.split('.')
  return BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0'))
}

const ofContract = ({ services }: Registered, contract: ItemRow) => {
  const named = services.filter(({ is }) => is.contractIds.includes(contract.id))
  return named.length === 0 ? services.filter(({ is }) => is.contractIds.length === 0) : named
}

const words = (text: string): string => text.replaceAll('_', ' ')
const yesNo = (value: boolean | null): string => (value === null ? '' : value ? 'Yes' : 'No')
const hours = (minutes: number | null): number | null =>
  minutes === null ? null : Math.round((minutes / 60) * 100) / 100

const tables: Readonly<Record<RegisterTable, (register: Register) => readonly Line[]>> = {
  providers: ({ rows, byId }) => {
    const delivering = rows.filter(({ contracts, services }) => contracts.length > 0 || services.length > 0)
    const all = new Map(delivering.map((one) => [one.row.id, one.row]))
    for (const { chain } of delivering) for (const { row } of chain) all.set(row.id, row)
    return [...all.values()].map((row) => {
      const parent = byId.get(textIn(row, 'ultimate_parent'))
      const contracts = rows.find((one) => one.row.id === row.id)?.contracts ?? []
      return [
        ...code(row),
        textIn(row, 'legal_name') === '' ? row.name : textIn(row, 'legal_name'),
        words(textIn(row, 'person_type')),
        textIn(row, 'country'),
        ...sum(contracts),
        ...(parent === undefined ? ['', ''] : code(parent)),
      ]
    })
  },
  contracts: ({ rows }) =>
    rows.flatMap((one) =>
      one.contracts.flatMap((contract) => {
        const functions = ofContract(one, contract)
        return (functions.length === 0 ? [null] : functions).map((is) => [
          number(contract),
          words(textIn(contract, 'arrangement')),
          ...expense(contract),
          ...code(one.row),
          is === null ? '' : functionId(is.row),
          textIn(contract, 'ict_service').toUpperCase(),
          dayIn(contract, 'starts_on') ?? '',
          // An open end is the last day there is, as the templates ask.
          dayIn(contract, 'ends_on') ?? '9999-12-31',
          numberIn(contract, 'notice_days'),
          textIn(contract, 'governing_law'),
        ])
      }),
    ),
  'supply-chain': ({ rows }) =>
    rows.flatMap((one) =>
      one.contracts.flatMap((contract) => {
        const head = [number(contract), textIn(contract, 'ict_service').toUpperCase()]
        return [
          [...head, ...code(one.row), 1, '', ''],
          ...one.chain.map((link) => [...head, ...code(link.row), link.rank, ...code(link.from)]),
        ]
      }),
    ),
  functions: ({ rows }) => {
    const services = new Map(rows.flatMap((one) => one.services.map((service) => [service.row.id, service])))
    return [...services.values()]
      .toSorted((a, b) => a.row.name.localeCompare(b.row.name))
      .map(({ row, is }) => [
        functionId(row),
        row.name,
        is.important === null ? 'Assessment not performed' : yesNo(is.important),
        hours(is.rtoMinutes),
        hours(is.rpoMinutes),
      ])
  },
  assessments: ({ rows }) =>
    rows.flatMap((one) =>
      one.services.some(({ is }) => is.important === true)
        ? one.contracts.map((contract) => [
            number(contract),
            ...code(one.row),
            textIn(contract, 'ict_service').toUpperCase(),
            words(textIn(one.row, 'substitutability')),
            textIn(one.row, 'substitutability_reason'),
            dayIn(one.row, 'last_audit_on') ?? '',
            yesNo(yesIn(one.row, 'exit_plan')),
            yesNo(idsIn(one.row, 'alternatives').length > 0 ? true : null),
            idsIn(one.row, 'alternatives').join('; '),
          ])
        : [],
    ),
}

/** A function keeps its identifier for as long as the service is known. */
const functionId = ({ id }: ItemRow): string => `F-${id}`

export const tableLines = (register: Register, table: RegisterTable): readonly Line[] =>
  tables[table](register)

/** The table as a file; that it was taken out is on record. */
export const exportRegister = async (
  database: Database,
  caller: Caller,
  table: RegisterTable,
  asked: TwoTimes,
): Promise<string> => {
  mustReachAll(caller, 'item.read')
  const force = await inForce(database, caller.tenantId, caller.now)
  return write(database, caller, async (tx) => {
    const lines = tableLines(await readRegister(tx, caller, force, asked), table)
    tx.journal({
      type: 'register.exported',
      subject: { kind: 'tenant', id: tx.tenantId },
      data: { table, lines: lines.length, validAt: asked.validAt ?? caller.now },
    })
    return [heads[table], ...lines].map(csvLine).join('')
  })
}
