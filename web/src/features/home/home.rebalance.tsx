import type { PersonLoad, TeamLoad } from '@evenkeel/contract/home'
import type { BulkPreview } from '@evenkeel/contract/bulk'
import { Button, Checkbox, Radio, Skeleton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { PriorityTag } from '../../parts/priority.tsx'
import { Fault, faultSentence, sentence } from '../../ui/fault.tsx'
import { listKey } from '../incident/incident.api.ts'
import { StateTag } from '../incident/incident.state.tsx'
import { refreshHome } from './home.api.ts'
import { Dialog } from '../../ui/dialog.tsx'
import classes from './home.module.css'

type Props = { readonly load: TeamLoad; readonly from: PersonLoad; readonly onClose: () => void }

/** Some of one person's work to another of the team: chosen, tried first, done for each by itself, and taken back if it was a slip. */
export const Rebalance = ({ load, from, onClose }: Props) => {
  const queries = useQueryClient()
  const others = load.people.filter(({ person, left }) => person.id !== from.person.id && !left)
  const lightest = others.toSorted((a, b) => a.open - b.open)[0]
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [to, setTo] = useState(lightest?.person.id ?? '')
  const [preview, setPreview] = useState<BulkPreview>()
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<unknown>()
  // One key for one choice: sent twice, it is done once; another choice is another request.
  const [key, setKey] = useState(() => crypto.randomUUID())
  const name = others.find(({ person }) => person.id === to)?.person.name ?? ''
  const work = useQuery({
    queryKey: ['home', 'work', load.team.id, from.person.id],
    queryFn: () =>
      client.listIncidents({
        query: {
          filter: JSON.stringify({
            all: [
              { field: 'open', op: '=', value: true },
              { field: 'team', op: '=', value: load.team.id },
              { field: 'assignee', op: '=', value: from.person.id },
            ],
          }),
          sort: 'priority,created',
          limit: 100,
        },
      }),
  })
  const rows = work.data?.rows ?? []
  const body = {
    ids: [...chosen],
    steps: [{ do: 'assign' as const, to: { teamId: load.team.id, personId: to } }],
  }
  const change = (next: ReadonlySet<string>): void => {
    setChosen(next)
    setPreview(undefined)
    setKey(crypto.randomUUID())
  }
  const undo = async (id: string): Promise<void> => {
    try {
      const { done } = await client.undoBulk({ params: { id } })
      notifications.show({ message: say('rebalance.undone', { count: done }), color: 'gray' })
    } catch (failure) {
      notifications.show({ message: faultSentence(failure), color: 'gray' })
    }
    await refreshHome(queries)
  }
  const submit = async (): Promise<void> => {
    setRunning(true)
    setError(undefined)
    try {
      // Tried first: when some of it would be refused, that is shown before anything changes.
      if (preview === undefined) {
        const tried = await client.previewBulk({ body })
        if (tried.ready < tried.count) {
          setPreview(tried)
          setRunning(false)
          return
        }
      }
      const { id } = await client.startBulk({ body, idempotencyKey: key })
      const { done } = await client.readBulk({ params: { id } })
      await refreshHome(queries)
      void queries.invalidateQueries({ queryKey: listKey })
      const notice = `rebalance-${id}`
      notifications.show({
        id: notice,
        autoClose: 15_000,
        color: 'gray',
        message: (
          <span className={classes['notice']}>
            {say('rebalance.done', { count: done, name })}
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => {
                notifications.hide(notice)
                void undo(id)
              }}
            >
              {say('rebalance.undo')}
            </Button>
          </span>
        ),
      })
      onClose()
    } catch (failure) {
      setError(failure)
      setRunning(false)
    }
  }
  const ready = preview === undefined ? chosen.size : preview.ready
  return (
    <Dialog onClose={onClose} size="lg" title={say('load.rebalanceOf', { name: from.person.name })}>
      <div className={classes['dialog']}>
        <fieldset className={classes['set']}>
          <legend className={classes['legend']}>
            {say('rebalance.choose')} · {say('rebalance.checked', { count: chosen.size })}
          </legend>
          {work.isPending && <Skeleton height={96} />}
          {work.isError && <Fault error={work.error} onRetry={() => void work.refetch()} />}
          {work.isSuccess && rows.length === 0 && <p className={classes['none']}>{say('rebalance.none')}</p>}
          <ul className={classes['choices']}>
            {rows.map((row) => (
              <li key={row.id} className={classes['choice']}>
                <Checkbox
                  checked={chosen.has(row.id)}
                  onChange={() => {
                    const next = new Set(chosen)
                    if (!next.delete(row.id)) next.add(row.id)
                    change(next)
                  }}
                  label={
                    <span className={classes['choiceLabel']}>
                      <span className="figures">{row.number}</span> {row.title}
                    </span>
                  }
                />
                <span className={classes['choiceFacts']}>
                  <PriorityTag priority={row.priority} />
                  <StateTag state={row.state} />
                </span>
              </li>
            ))}
          </ul>
        </fieldset>
        <Radio.Group
          label={say('rebalance.to')}
          value={to}
          onChange={(next) => {
            setTo(next)
            setPreview(undefined)
            setKey(crypto.randomUUID())
          }}
        >
          <div className={classes['people']}>
            {others.map(({ person, open }) => (
              <Radio
                key={person.id}
                value={person.id}
                label={`${person.name}, ${say('rebalance.has', { count: open })}`}
              />
            ))}
          </div>
        </Radio.Group>
        {preview !== undefined && (
          <div role="alert" className={classes['tried']}>
            <p>{say('rebalance.ready', { count: preview.ready, name })}</p>
            <p>{say('rebalance.notReady', { count: preview.count - preview.ready })}</p>
            <ul>
              {preview.records
                .filter(({ outcome }) => outcome !== 'ready')
                .map((one) => (
                  <li key={one.id}>
                    {one.number ?? ''} {one.reasons.map(({ message }) => sentence(message)).join('. ')}
                  </li>
                ))}
            </ul>
          </div>
        )}
        {error !== undefined && <Fault error={error} kept={say('rebalance.kept')} />}
        <div className={classes['replyButtons']}>
          <Button variant="default" onClick={onClose}>
            {say('dialog.back')}
          </Button>
          <Button
            loading={running}
            disabled={chosen.size === 0 || to === '' || ready === 0}
            onClick={() => void submit()}
          >
            {say('rebalance.submit', { count: ready })}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
