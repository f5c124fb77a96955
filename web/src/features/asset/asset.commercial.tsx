import type { AssetContract, AssetEnd, Commercial as Side } from '@evenkeel/contract/asset'
import type { ItemRef, TwoTimes } from '@evenkeel/contract/item'
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { Fault } from '../../ui/fault.tsx'
import { Nothing, Section } from '../../ui/settings-page.tsx'
import { ItemLink } from '../../parts/item-link.tsx'
import { commercialQuery } from './asset.api.ts'
import classes from './asset.module.css'
import { EndTag } from './asset.words.tsx'

/** What an item costs, who delivers it, what covers it and what ends when; of contracts and providers, what they are to others. */
export const Commercial = ({ id, times }: { readonly id: string; readonly times: TwoTimes }) => {
  const { data, error, refetch } = useQuery(commercialQuery(id, times))
  if (data === undefined)
    return error === null ? <Skeleton height={120} /> : <Fault error={error} onRetry={() => void refetch()} />
  const lines = linesOf(data)
  return (
    <Section title={say('asset.commercial')} flush>
      {lines.length === 0 && data.contracts.length === 0 ? (
        <Nothing>{say('asset.nothing')}</Nothing>
      ) : (
        <dl className={classes['facts']}>
          {lines.map(([term, value]) => (
            <div key={term} className={classes['fact']}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          {data.contracts.length > 0 && (
            <div className={classes['fact']}>
              <dt>{say('asset.contracts')}</dt>
              <dd>
                <Contracts rows={data.contracts} />
              </dd>
            </div>
          )}
        </dl>
      )}
    </Section>
  )
}

type Line = readonly [string, ReactNode]

const linesOf = ({ contract, covers, provides, cost, book, supplier, warranty }: Side): readonly Line[] => {
  const lines: Line[] = []
  if (contract !== null) lines.push([say('asset.end'), <End key="end" end={contract.end} />])
  if (contract !== null && contract.provider !== null)
    lines.push([say('asset.provider'), <ItemLink key="provider" item={contract.provider} />])
  if (covers !== null)
    lines.push([
      say('asset.covers'),
      covers.count === 0 ? (
        say('asset.coversNothing')
      ) : (
        <Names key="covers" items={covers.items} count={covers.count} />
      ),
    ])
  if (provides !== null) lines.push(...providesLines(provides))
  if (cost !== null) lines.push([say('asset.cost'), money(cost)])
  if (book !== null)
    lines.push([
      say('asset.book'),
      <span key="book">
        {money(book.value)} <span className={classes['quiet']}>{book.sentence}</span>
      </span>,
    ])
  if (supplier !== null) lines.push([say('asset.supplier'), <ItemLink key="supplier" item={supplier} />])
  if (warranty !== null) lines.push([say('asset.warranty'), <End key="warranty" end={warranty} />])
  return lines
}

const providesLines = ({
  contracts,
  services,
  delivered,
}: NonNullable<Side['provides']>): readonly Line[] => [
  [
    say('asset.services'),
    services.length === 0 ? (
      say('asset.noServices')
    ) : (
      <Names key="services" items={services} count={services.length} />
    ),
  ],
  [
    say('asset.itsContracts'),
    contracts.length === 0 ? say('asset.noContracts') : <Contracts key="contracts" rows={contracts} />,
  ],
  [
    say('asset.delivered'),
    delivered.count === 0 ? (
      say('asset.deliveredNothing')
    ) : (
      <Names key="delivered" items={delivered.items} count={delivered.count} />
    ),
  ],
]

const End = ({ end }: { readonly end: AssetEnd }) => (
  <span className={classes['end']}>
    <EndTag end={end} /> {end.sentence}
  </span>
)

const Names = ({ items, count }: { readonly items: readonly ItemRef[]; readonly count: number }) => (
  <ul className={classes['names']}>
    {items.map((item) => (
      <li key={item.id}>
        <ItemLink item={item} />
      </li>
    ))}
    {count > items.length && (
      <li className={classes['quiet']}>{say('asset.andMore', { count: count - items.length })}</li>
    )}
  </ul>
)

const Contracts = ({ rows }: { readonly rows: readonly AssetContract[] }) => (
  <ul className={classes['contracts']}>
    {rows.map(({ item, number, end }) => (
      <li key={item.id} className={classes['end']}>
        <ItemLink item={item} />
        {number !== '' && <span className={classes['quiet']}>{number}</span>}
        <EndTag end={end} />
        <span className={classes['quiet']}>{end.sentence}</span>
      </li>
    ))}
  </ul>
)

const money = ({ amount, currency }: { readonly amount: string; readonly currency: string }): string =>
  new Intl.NumberFormat(readerZone().language, { style: 'currency', currency }).format(Number(amount))
