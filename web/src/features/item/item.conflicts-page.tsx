import type { ItemConflict } from '@evenkeel/contract/item'
import { Button, NativeSelect, Skeleton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useId, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { announce } from '../../ui/announce.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Fault, faultSentence } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { useKeys } from '../../ui/keys.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { SettingsPage } from '../../ui/settings-page.tsx'
import { itemConflictsQuery, itemSourcesQuery, itemsKey } from './item.api.ts'
import classes from './item.conflicts-page.module.css'
import { MergeDialog } from './item.merge-dialog.tsx'
import { ReasonField } from './item.reason-field.tsx'
import { Vanishings } from './item.vanishings.tsx'

const route = getRouteApi('/shell/items/conflicts')

type Decision =
  | { readonly decision: 'same'; readonly itemId: string; readonly name: string }
  | { readonly decision: 'new' | 'drop' }

/** What sources said that only a person can tell apart, the oldest first. */
export const ItemConflictsPage = () => {
  const { source } = route.useSearch()
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(itemConflictsQuery(source))
  const gone = useQuery(itemSourcesQuery).data?.vanishings ?? []
  const [picked, setPicked] = useState<string>()
  const [deciding, setDeciding] = useState<{ readonly of: ItemConflict; readonly as: Decision }>()
  const again = (): void => void queries.invalidateQueries({ queryKey: itemsKey })
  useLiveChanges('item', () => void queries.invalidateQueries({ queryKey: [...itemsKey, 'conflicts'] }))
  const conflicts = data?.conflicts ?? []
  const chosen = conflicts.find(({ id }) => id === picked) ?? conflicts[0]
  const panel = useId()
  const step = (by: 1 | -1): void => {
    const at = conflicts.findIndex(({ id }) => id === chosen?.id)
    const next = conflicts[Math.min(conflicts.length - 1, Math.max(0, at + by))]
    if (next === undefined) return
    setPicked(next.id)
    announce(`${next.name}, ${next.sourceLabel}`)
  }
  useKeys(
    [
      { keys: 'j', does: say('keys.next'), run: () => step(1) },
      { keys: 'k', does: say('keys.previous'), run: () => step(-1) },
      { keys: 'Enter', does: say('keys.open'), run: () => document.getElementById(panel)?.focus() },
    ].map((binding) => ({ ...binding, group: say('keys.list') })),
  )
  const all = (data?.waiting ?? []).reduce((sum, { count }) => sum + count, 0)
  return (
    <SettingsPage
      title={say('conflicts.title')}
      lead={say('conflicts.lead')}
      back={<Link to="/items">{say('item.list')}</Link>}
    >
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton height={240} />}
      {data !== undefined && all > 0 && (
        <NativeSelect
          className={classes['filter'] ?? ''}
          label={say('conflicts.source')}
          value={source ?? ''}
          data={[
            { value: '', label: say('conflicts.all', { count: all }) },
            ...data.waiting.map((one) => ({
              value: one.source,
              label: `${one.sourceLabel} (${say('list.count', { count: one.count })})`,
            })),
          ]}
          onChange={({ currentTarget: { value } }) =>
            void navigate({ search: value === '' ? {} : { source: value } })
          }
        />
      )}
      <Vanishings source={source} />
      {data !== undefined && conflicts.length === 0 && gone.length === 0 && (
        <Empty title={say('conflicts.none')}>{say('conflicts.noneText')}</Empty>
      )}
      {chosen !== undefined && (
        <div className={classes['columns']}>
          <nav aria-label={say('conflicts.queue')} className={classes['queue']}>
            <ul>
              {conflicts.map((one) => (
                <li key={one.id}>
                  <button
                    type="button"
                    className={classes['line']}
                    aria-current={one.id === chosen.id ? 'true' : undefined}
                    onClick={() => setPicked(one.id)}
                  >
                    <span className={classes['name']}>{one.name}</span>
                    <span className={classes['quiet']}>
                      {one.sourceLabel} · <RelativeTime at={one.at} />
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            {data?.more === true && <p className={classes['quiet']}>{say('conflicts.more')}</p>}
          </nav>
          <OneConflict
            key={chosen.id}
            conflict={chosen}
            id={panel}
            onDecide={(as) => setDeciding({ of: chosen, as })}
            onMerged={again}
          />
        </div>
      )}
      {deciding !== undefined && (
        <Decide
          conflict={deciding.of}
          as={deciding.as}
          onClose={() => setDeciding(undefined)}
          onDone={() => {
            again()
            if (deciding.as.decision === 'drop') offerBack(deciding.of, again)
          }}
        />
      )}
    </SettingsPage>
  )
}

/** What was left out can come back. */
const offerBack = (conflict: ItemConflict, again: () => void): void => {
  const id = `conflict ${conflict.id}`
  notifications.show({
    id,
    message: (
      <span className={classes['undo']}>
        {say('conflicts.dropped', { name: conflict.name })}
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            notifications.hide(id)
            client
              .reopenItemConflict({ params: { id: conflict.id } })
              .then(again)
              .catch((failure: unknown) =>
                notifications.show({ message: faultSentence(failure), color: 'gray' }),
              )
          }}
        >
          {say('conflicts.undo')}
        </Button>
      </span>
    ),
    color: 'gray',
    autoClose: 20_000,
  })
}

const OneConflict = ({
  conflict,
  id,
  onDecide,
  onMerged,
}: {
  readonly conflict: ItemConflict
  readonly id: string
  readonly onDecide: (as: Decision) => void
  readonly onMerged: () => void
}) => {
  const [merging, setMerging] = useState(false)
  const { candidates, values } = conflict
  const [into, from] = candidates
  useEffect(() => announce(conflict.sentence), [conflict.sentence])
  return (
    <section id={id} tabIndex={-1} className={classes['one']} aria-label={conflict.name}>
      <h2 className={classes['title']}>{conflict.name}</h2>
      <p className={classes['why']}>
        {say('conflicts.why', {
          source: conflict.sourceLabel,
          id: conflict.externalId,
          class: conflict.classLabel,
          why: conflict.sentence,
        })}
      </p>
      <div className={classes['scroll']}>
        <table className={classes['table']}>
          <caption className="visually-hidden">{say('conflicts.compared')}</caption>
          <thead>
            <tr>
              <td />
              <th scope="col">{say('conflicts.came', { source: conflict.sourceLabel })}</th>
              {candidates.map((one) => (
                <th key={one.id} scope="col">
                  <Link to="/items/$id" params={{ id: one.id }}>
                    {one.name}
                  </Link>
                  <div className={classes['quiet']}>
                    {one.because === ''
                      ? one.classLabel
                      : say('conflicts.because', { class: one.classLabel, by: one.because })}
                  </div>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{say('item.name')}</th>
              <td>{conflict.name}</td>
              {candidates.map((one) => (
                <td key={one.id} data-differs={one.name !== conflict.name || undefined}>
                  {one.name}
                </td>
              ))}
            </tr>
            {values.map(({ key, label, text }) => (
              <tr key={key}>
                <th scope="row">{label}</th>
                <td>{text}</td>
                {candidates.map((one) => {
                  const there = one.values[key]
                  return (
                    <td key={one.id} data-differs={(there !== undefined && there !== text) || undefined}>
                      {there ?? <span className={classes['quiet']}>–</span>}
                      {there !== undefined && there !== text && (
                        <span className="visually-hidden"> {say('conflicts.differs')}</span>
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
            <tr>
              <td />
              <td>
                <div className={classes['acts']}>
                  <Button size="compact-md" variant="default" onClick={() => onDecide({ decision: 'new' })}>
                    {say('conflicts.new')}
                  </Button>
                  <Button size="compact-md" variant="default" onClick={() => onDecide({ decision: 'drop' })}>
                    {say('conflicts.drop')}
                  </Button>
                </div>
              </td>
              {candidates.map(({ id: itemId, name }) => (
                <td key={itemId}>
                  <Button
                    size="compact-md"
                    aria-label={say('conflicts.sameAs', { name })}
                    onClick={() => onDecide({ decision: 'same', itemId, name })}
                  >
                    {say('conflicts.same')}
                  </Button>
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
      {candidates.length === 2 && into !== undefined && from !== undefined && (
        <p className={classes['merge']}>
          {say('conflicts.mergeText')}{' '}
          <Button size="compact-md" variant="default" onClick={() => setMerging(true)}>
            {say('conflicts.merge')}
          </Button>
        </p>
      )}
      {candidates.length === 0 && <p className={classes['quiet']}>{say('conflicts.noCandidates')}</p>}
      {merging && into !== undefined && from !== undefined && (
        <MergeDialog into={into} from={from} onClose={() => setMerging(false)} onDone={onMerged} />
      )}
    </section>
  )
}

const Decide = ({
  conflict,
  as,
  onClose,
  onDone,
}: {
  readonly conflict: ItemConflict
  readonly as: Decision
  readonly onClose: () => void
  readonly onDone: () => void
}) => {
  const [reason, setReason] = useState('')
  const words =
    as.decision === 'same'
      ? say('conflicts.sameText', { name: as.name, source: conflict.sourceLabel })
      : say(as.decision === 'new' ? 'conflicts.newText' : 'conflicts.dropText', {
          name: conflict.name,
          source: conflict.sourceLabel,
          id: conflict.externalId,
        })
  return (
    <FormDialog
      title={
        as.decision === 'same'
          ? say('conflicts.sameAs', { name: as.name })
          : say(as.decision === 'new' ? 'conflicts.new' : 'conflicts.drop')
      }
      submit={say('conflicts.decide')}
      onClose={onClose}
      onSubmit={async () => {
        await client.decideItemConflict({
          params: { id: conflict.id },
          body:
            as.decision === 'same'
              ? { decision: 'same', itemId: as.itemId, reason: reason.trim() }
              : { decision: as.decision, reason: reason.trim() },
        })
        onDone()
      }}
    >
      <p className={classes['why']}>{words}</p>
      <ReasonField value={reason} isFirst onChange={setReason} />
    </FormDialog>
  )
}
