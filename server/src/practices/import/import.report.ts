import type { ArrivalOutcomes, Reconciliation } from '@evenkeel/contract/import'
import type { Saying } from '../../kernel/language/saying.ts'
import { allOf } from '../../kernel/language/saying.ts'
import type { Tx } from '../../platform/journal/write.ts'
import type { Facts, PastKind } from '../record/index.ts'
import { noOutcomes } from '../configuration/index.ts'
import { says } from './import.reasons.ts'
import type { BatchRow } from './import.repo.ts'

type Side = {
  readonly count: number
  readonly updates: number
  readonly missed: number
  readonly reassigned: number
  readonly reopened: number
  readonly withoutResolved: number
}

/** The report as it is kept: numbers, no words. Those are made for whoever reads it. */
export type StoredReport = {
  readonly rows: number
  readonly inFile: Side
  readonly inTables: Side
  readonly updates: number
  readonly known: number
  readonly refused: number
  readonly groups: readonly {
    readonly group: string
    readonly inFile: number
    readonly inTables: number
    readonly fileChecksum: string
    readonly tableChecksum: string
  }[]
  readonly unresolved: readonly { readonly field: string; readonly value: string; readonly rows: number }[]
  readonly madeAt: string
  /** Of items and relations: how many the file names, how many of these are here, and why others are not. */
  readonly arrivals?: {
    readonly kind: 'item' | 'item_relation'
    readonly inFile: number
    readonly here: number
    readonly outcomes: ArrivalOutcomes
  }
}

const noSide: Side = { count: 0, updates: 0, missed: 0, reassigned: 0, reopened: 0, withoutResolved: 0 }

/** What a file named, beside what is known of it here by the source's own ids. */
export const arrivalReport = async (tx: Tx, batch: BatchRow): Promise<StoredReport> => {
  const outcomes = batch.outcomes ?? noOutcomes
  const isItems = batch.mapping?.kind === 'item'
  const { inFile, known } = await tx.one<{ inFile: number; known: number }>({
    text: `select count(*)::int as "inFile", count(s.item_id)::int as known from import_record r
             left join item_source_seen s on s.tenant_id = $1 and s.source = $3 and s.external_id = r.record_key
           where r.tenant_id = $1 and r.batch_id = $2`,
    values: [tx.tenantId, batch.id, batch.mapping?.source ?? ''],
  })
  return {
    rows: batch.rows_read,
    inFile: noSide,
    inTables: noSide,
    updates: batch.updates,
    known: batch.known,
    refused: Math.max(batch.refused, batch.findings?.refused ?? 0),
    groups: [],
    unresolved: (batch.findings?.itemsUnknown ?? []).map((one) => ({ field: 'item', ...one })),
    madeAt: tx.author.now,
    arrivals: {
      kind: isItems ? 'item' : 'item_relation',
      inFile,
      here: isItems ? known : outcomes.created + outcomes.same,
      outcomes,
    },
  }
}

type Month = Side & { readonly month: string; readonly checksum: string }

/** Both sides, each from what is its own: the file's from its translated rows, ours from our tables alone. */
export const makeReport = async (tx: Tx, batch: BatchRow, kind: PastKind): Promise<StoredReport> => {
  const months = await tx.rows<Month>({
    text: `select facts->>'month' as month, count(*)::int as count, sum((facts->>'updates')::int)::int as updates,
             count(*) filter (where (facts->>'missed')::boolean)::int as missed,
             count(*) filter (where (facts->>'reassigned')::boolean)::int as reassigned,
             count(*) filter (where (facts->>'reopened')::boolean)::int as reopened,
             count(*) filter (where (facts->>'withoutResolved')::boolean)::int as "withoutResolved",
             encode(sha256(convert_to(string_agg(facts->>'line', '' order by record_key collate "C"), 'UTF8')), 'hex') as checksum
           from import_record where tenant_id = $1 and batch_id = $2 and facts is not null and jsonb_typeof(facts) = 'object'
           group by 1 order by 1`,
    values: [tx.tenantId, batch.id],
  })
  const unresolved = await tx.rows<StoredReport['unresolved'][number]>({
    text: `select kind as field, value, rows from import_reference where tenant_id = $1 and batch_id = $2 and fate in ('leave', 'refuse')
           order by rows desc, kind, value limit 500`,
    values: [tx.tenantId, batch.id],
  })
  const here = await kind.facts(tx, batch.id)
  const sum = (name: keyof Side): number => months.reduce((total, month) => total + month[name], 0)
  return {
    rows: batch.rows_read,
    inFile: {
      count: sum('count'),
      updates: sum('updates'),
      missed: sum('missed'),
      reassigned: sum('reassigned'),
      reopened: sum('reopened'),
      withoutResolved: sum('withoutResolved'),
    },
    inTables: sideOf(here),
    updates: batch.updates,
    known: batch.known,
    refused: batch.refused,
    groups: groupsOf(months, here),
    unresolved,
    madeAt: tx.author.now,
  }
}

const sideOf = ({ count, updates, missed, reassigned, reopened, withoutResolved }: Facts): Side => ({
  count,
  updates,
  missed,
  reassigned,
  reopened,
  withoutResolved,
})

const groupsOf = (months: readonly Month[], here: Facts): StoredReport['groups'] => {
  const inFile = new Map(months.map((month) => [month.month, month]))
  const names = [...new Set([...inFile.keys(), ...here.byMonth.keys()])].toSorted()
  return names.map((group) => ({
    group,
    inFile: inFile.get(group)?.count ?? 0,
    inTables: here.byMonth.get(group)?.count ?? 0,
    fileChecksum: inFile.get(group)?.checksum ?? '',
    tableChecksum: here.byMonth.get(group)?.checksum ?? '',
  }))
}

const shares = ['missed', 'reassigned', 'reopened'] as const

/** The report in the words of whoever reads it. */
export const reportIn = (report: StoredReport, language: string): Reconciliation => {
  const said = (saying: Saying): string => saying.in(language)
  const number = (value: number): string => value.toLocaleString(language)
  const because = reasonOf(report)
  const fact = (name: FactName, inFile: string, inTables: string): Reconciliation['facts'][number] => ({
    name,
    label: said(says(`fact.${name}`)),
    definition: said(says(`fact.${name}.means`)),
    inFile,
    inTables,
    same: inFile === inTables,
    because: inFile === inTables ? null : said(because),
  })
  const share = (side: Side, name: (typeof shares)[number]): string =>
    said(
      says('fact.share', {
        count: side[name],
        share: (side.count === 0 ? 0 : (side[name] * 100) / side.count).toLocaleString(language, {
          minimumFractionDigits: 1,
          maximumFractionDigits: 1,
        }),
      }),
    )
  const { inFile, inTables, arrivals } = report
  if (arrivals !== undefined)
    return {
      facts: [
        fact('rows', number(report.rows), number(report.updates + report.known + report.refused)),
        {
          ...fact(arrivals.kind, number(arrivals.inFile), number(arrivals.here)),
          because:
            arrivals.inFile === arrivals.here
              ? null
              : said(
                  allOf([
                    ...(arrivals.outcomes.conflict > 0
                      ? [says('because.conflict', { count: arrivals.outcomes.conflict })]
                      : []),
                    ...(report.refused > 0 ? [says('because.refused', { count: report.refused })] : []),
                    ...(arrivals.outcomes.conflict === 0 && report.refused === 0
                      ? [says('because.stopped')]
                      : []),
                  ]),
                ),
        },
      ],
      groups: [],
      unresolved: [...report.unresolved],
      madeAt: report.madeAt,
    }
  return {
    facts: [
      fact('rows', number(report.rows), number(report.updates + report.known + report.refused)),
      fact('records', number(inFile.count), number(inTables.count)),
      fact('updates', number(inFile.updates), number(inTables.updates)),
      ...shares.map((name) => fact(name, share(inFile, name), share(inTables, name))),
      fact('withoutResolved', number(inFile.withoutResolved), number(inTables.withoutResolved)),
    ],
    groups: report.groups.map((group) => ({
      ...group,
      because: group.fileChecksum === group.tableChecksum ? null : said(because),
    })),
    unresolved: [...report.unresolved],
    madeAt: report.madeAt,
  }
}

type FactName =
  | 'item'
  | 'item_relation'
  | 'rows'
  | 'records'
  | 'updates'
  | 'withoutResolved'
  | (typeof shares)[number]

/** What of a file is not in this batch's records: what was refused, and what an earlier batch has. */
const reasonOf = ({ refused, known }: StoredReport): Saying => {
  const reasons = [
    ...(refused > 0 ? [says('because.refused', { count: refused })] : []),
    ...(known > 0 ? [says('because.known', { count: known })] : []),
  ]
  return reasons.length === 0 ? says('because.stopped') : allOf(reasons)
}
