import type { ModelMeasure } from '@evenkeel/contract/item'
import { NativeSelect, Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { say } from '../../language/say.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault, sentence } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { SettingsPage } from '../../ui/settings-page.tsx'
import {
  itemClassesQuery,
  itemCountQuery,
  itemsKey,
  measuredByClassQuery,
  modelHealthQuery,
} from './item.api.ts'
import classes from './item.model-page.module.css'

const route = getRouteApi('/shell/items/model')

const part = (count: number, of: number): string =>
  new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 }).format(
    of === 0 ? 0 : count / of,
  )

/** How far the model can be trusted: each figure leads to exactly those items. */
export const ModelPage = () => {
  const { source, measure } = route.useSearch()
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(modelHealthQuery)
  const { data: known } = useQuery(itemClassesQuery)
  useLiveChanges('item', () => void queries.invalidateQueries({ queryKey: [...itemsKey, 'model'] }))
  return (
    <SettingsPage
      title={say('model.title')}
      lead={say('model.lead')}
      back={<Link to="/items">{say('item.list')}</Link>}
    >
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton height={240} />}
      {data !== undefined && data.items === 0 && (
        <Empty title={say('item.none')}>{say('item.noneText')}</Empty>
      )}
      {data !== undefined && data.items > 0 && (
        <>
          <NativeSelect
            className={classes['source'] ?? ''}
            label={say('model.source')}
            value={source ?? ''}
            data={[
              { value: '', label: say('model.allSources') },
              ...(known?.sources ?? []).map(({ name, label }) => ({ value: name, label })),
            ]}
            onChange={({ currentTarget: { value } }) =>
              void navigate({
                search: (before) => ({ ...before, source: value === '' ? undefined : value }),
                replace: true,
              })
            }
          />
          {data.late.length > 0 && (
            <section className={classes['measure']} aria-label={say('model.late')}>
              <h2 className={classes['title']}>{say('model.late')}</h2>
              <p className={classes['quiet']}>{say('model.lateText')}</p>
              <ul className={classes['late']}>
                {data.late.map(({ name, label, heardAt, expectedEveryHours }) => (
                  <li key={name}>
                    <Link to="/items" search={{ q: `source:${name}` }}>
                      {label}
                    </Link>{' '}
                    <span className={classes['quiet']}>
                      {say('model.expected', { hours: expectedEveryHours })}
                      {' · '}
                      {heardAt === null ? (
                        say('model.neverHeard')
                      ) : (
                        <>
                          {say('model.heard')} <RelativeTime at={heardAt} />
                        </>
                      )}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {data.measures
            .toSorted((a, b) => Number(b.key === measure) - Number(a.key === measure))
            .map((one) => (
              <Measure key={one.key} measure={one} source={source} />
            ))}
        </>
      )}
    </SettingsPage>
  )
}

const filterOf = (key: ModelMeasure['key'], source: string | undefined): string =>
  source === undefined ? `${key}:true` : `${key}:true source:${source}`

const Measure = ({
  measure: { key, label, definition, count: whole, of, examples },
  source,
}: {
  readonly measure: ModelMeasure
  readonly source: string | undefined
}) => {
  const q = filterOf(key, source)
  const { data: narrowed } = useQuery({ ...itemCountQuery(q, undefined), enabled: source !== undefined })
  const { data: byClass } = useQuery(measuredByClassQuery(q))
  const count = source === undefined ? whole : narrowed?.count
  const title = label.charAt(0).toLocaleUpperCase() + label.slice(1)
  return (
    <section className={classes['measure']} aria-label={title}>
      <div className={classes['head']}>
        <h2 className={classes['title']}>{title}</h2>
        {count === undefined ? (
          <Skeleton height={20} width={80} />
        ) : (
          <Link to="/items" search={{ q, sort: '-incidents' }} className={classes['figure'] ?? ''}>
            {say('model.figure', { count, of })}
          </Link>
        )}
        {count !== undefined && <span className={classes['quiet']}>{part(count, of)}</span>}
      </div>
      {count !== undefined && (
        <div className={classes['bar']} aria-hidden>
          <div
            style={{
              width: part(count, of)
                .replace(',', '.')
                .replaceAll(/[^\d.%]/g, ''),
            }}
          />
        </div>
      )}
      <p className={classes['quiet']}>{sentence(definition)}.</p>
      {count === 0 && <p className={classes['quiet']}>{say('model.fine')}</p>}
      {byClass !== undefined && byClass.groups.length > 0 && (
        <ul className={classes['classes']} aria-label={say('model.byClass', { measure: title })}>
          {byClass.groups
            .toSorted((a, b) => b.count - a.count)
            .slice(0, 12)
            .map((group) => (
              <li key={group.value ?? ''}>
                <Link to="/items" search={{ q: `${q} own_class:${group.value ?? ''}`, sort: '-incidents' }}>
                  {group.label}{' '}
                  <span className={classes['quiet']}>{say('list.count', { count: group.count })}</span>
                </Link>
              </li>
            ))}
        </ul>
      )}
      {source === undefined && examples.length > 0 && (
        <>
          <h3 className={classes['subtitle']}>{say('model.first')}</h3>
          <ol className={classes['examples']}>
            {examples.slice(0, 8).map(({ item, incidents }) => (
              <li key={item.id}>
                <Link to="/items/$id" params={{ id: item.id }}>
                  {item.name}
                </Link>
                <span className={classes['quiet']}>
                  {item.classLabel}
                  {incidents > 0 && ` · ${say('model.incidents', { count: incidents })}`}
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  )
}
