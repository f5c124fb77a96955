import {
  attestationCaps,
  type AttestationPage as Attestation,
  type AttestedItem,
} from '@evenkeel/contract/item-attestation'
import { Button, Checkbox, Skeleton, Textarea } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import BellRing from 'lucide-react/icons/bell-ring'
import Check from 'lucide-react/icons/check'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { announce } from '../../ui/announce.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { BelowName, PlainTable } from '../../ui/plain-table.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Fact, Facts, Nothing, Panel, Section, SettingsPage } from '../../ui/settings-page.tsx'
import { viewCount, viewLink, ViewLinks } from '../../ui/view-links.tsx'
import { ItemLink } from '../../parts/item-link.tsx'
import { attestationQuery, attestationsKey } from './attestation.api.ts'
import classes from './attestation.module.css'
import { type AttestationView, attestationViews } from './attestation.search.ts'
import { AnswerTag, Answered, AttestationStateTag } from './attestation.words.tsx'

const route = getRouteApi('/shell/attestations/$id')

/** What was asked, what was answered, and by whom not yet. */
export const AttestationPage = () => {
  const { id } = route.useParams()
  const { show } = route.useSearch()
  const me = useMe()
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(attestationQuery(id, show === 'owners' ? undefined : show))
  const changed = (): Promise<void> => queries.invalidateQueries({ queryKey: attestationsKey })
  useLiveChanges('item_attestation', () => void changed())
  const [closing, setClosing] = useState(false)
  if (data === undefined)
    return error === null ? (
      <div role="status" aria-label={say('list.loading')} className={classes['skeleton']}>
        <Skeleton height={24} width="40%" />
        <Skeleton height={96} />
        <Skeleton height={240} />
      </div>
    ) : (
      <FaultPage error={error} onRetry={() => void refetch()} />
    )
  const { counts, state, dueAt } = data
  const mayManage = state === 'open' && mayAtAll(me, 'item.manage')
  const countOf = (view: AttestationView | undefined): number =>
    view === undefined ? counts.items : view === 'owners' ? data.owners.length : counts[view]
  return (
    <SettingsPage
      title={data.name}
      back={<Link to="/attestations">{say('attestation.list')}</Link>}
      tags={<AttestationStateTag state={state} dueAt={dueAt} />}
      actions={
        mayManage && (
          <>
            {counts.waiting > counts.nobody && <Remind id={id} onDone={changed} />}
            <Button variant="default" onClick={() => setClosing(true)}>
              {say('attestation.close')}
            </Button>
          </>
        )
      }
    >
      {error !== null && <Fault error={error} kept={say('record.kept')} onRetry={() => void refetch()} />}
      <Panel>
        <Facts>
          <Fact name={say('attestation.column.progress')}>
            <Answered answered={counts.items - counts.waiting} items={counts.items} />
          </Fact>
          <Fact name={say('attestation.column.due')}>{absolute(dueAt, readerZone())}</Fact>
          <Fact name={say('attestation.filter')}>
            {data.filter === '' ? say('attestation.everything') : <code>{data.filter}</code>}
          </Fact>
          <Fact name={say('attestation.begun')}>
            {say('attestation.by', { name: data.openedBy.name, at: absolute(data.openedAt, readerZone()) })}
          </Fact>
          {data.closedAt !== null && (
            <Fact name={say('attestation.closed')}>
              {say('attestation.by', {
                name: data.closedBy?.name ?? '',
                at: absolute(data.closedAt, readerZone()),
              })}
            </Fact>
          )}
        </Facts>
      </Panel>
      <ViewLinks label={say('attestation.views')}>
        {([undefined, ...attestationViews] as const).map((view) => (
          <Link
            key={view ?? ''}
            to="/attestations/$id"
            params={{ id }}
            search={view === undefined ? {} : { show: view }}
            className={viewLink}
            aria-current={view === show ? 'page' : undefined}
            activeProps={{}}
            activeOptions={{ exact: true, includeSearch: true }}
            resetScroll={false}
          >
            {say(`attestation.view.${view ?? 'all'}`)}
            <span className={viewCount}>{countOf(view)}</span>
          </Link>
        ))}
      </ViewLinks>
      {show === 'owners' ? (
        <Owners attestation={data} />
      ) : (
        <Items key={`${id} ${show ?? ''}`} attestation={data} show={show} onChanged={changed} />
      )}
      {closing && (
        <Confirm
          title={say('attestation.closeTitle', { name: data.name })}
          text={say('attestation.closeText', { count: counts.waiting })}
          action={say('attestation.close')}
          onConfirm={async () => {
            await client.closeAttestation({ params: { id }, version: data.version, body: {} })
            await changed()
          }}
          onClose={() => setClosing(false)}
        />
      )}
    </SettingsPage>
  )
}

const Remind = ({ id, onDone }: { readonly id: string; readonly onDone: () => Promise<void> }) => {
  const [running, setRunning] = useState(false)
  const [told, setTold] = useState<number>()
  const [failed, setFailed] = useState<unknown>()
  const remind = async (): Promise<void> => {
    setRunning(true)
    setFailed(undefined)
    try {
      const answer = await client.remindAttestation({ params: { id }, body: {} })
      setTold(answer.told)
      announce(say('attestation.reminded', { count: answer.told }))
      await onDone()
    } catch (error) {
      setFailed(error)
    }
    setRunning(false)
  }
  return (
    <>
      {told !== undefined && (
        <span className={classes['quiet']}>{say('attestation.reminded', { count: told })}</span>
      )}
      {failed !== undefined && <Fault error={failed} />}
      <Button
        variant="default"
        loading={running}
        leftSection={<BellRing size={16} aria-hidden />}
        onClick={() => void remind()}
      >
        {say('attestation.remind')}
      </Button>
    </>
  )
}

type ItemsProps = {
  readonly attestation: Attestation
  readonly show: AttestationView | undefined
  readonly onChanged: () => Promise<void>
}

const Items = ({ attestation, show, onChanged }: ItemsProps) => {
  const { id, rows } = attestation
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [running, setRunning] = useState(false)
  const [failed, setFailed] = useState<unknown>()
  const [saying, setSaying] = useState(false)
  const mine = rows.filter(({ mayAnswer }) => mayAnswer)
  const chosen = mine.filter(({ item }) => picked.has(item.id)).map(({ item }) => item.id)
  const answer = async (said: 'right' | 'wrong', note: string): Promise<void> => {
    for (let from = 0; from < chosen.length; from += attestationCaps.answers)
      await client.answerAttestation({
        params: { id },
        body: { itemIds: chosen.slice(from, from + attestationCaps.answers), answer: said, note },
      })
    announce(say('attestation.saved', { count: chosen.length }))
    setPicked(new Set())
    await onChanged()
  }
  const confirm = async (): Promise<void> => {
    setRunning(true)
    setFailed(undefined)
    try {
      await answer('right', '')
    } catch (error) {
      setFailed(error)
    }
    setRunning(false)
  }
  if (rows.length === 0)
    return (
      <Panel flush>
        <Nothing>{say(show === 'mine' ? 'attestation.nothingMine' : 'attestation.nothing')}</Nothing>
      </Panel>
    )
  const toggle = (itemId: string): void => {
    const next = new Set(picked)
    if (!next.delete(itemId)) next.add(itemId)
    setPicked(next)
  }
  const title = say(`attestation.view.${show ?? 'all'}`)
  return (
    <Section title={title} {...(mine.length > 0 ? { lead: say('attestation.answerLead') } : {})} flush>
      {mine.length > 0 && (
        <div className={classes['acts']}>
          <Checkbox
            size="sm"
            label={say('attestation.picked', { count: chosen.length })}
            aria-label={say('attestation.pickAll')}
            checked={chosen.length === mine.length}
            indeterminate={chosen.length > 0 && chosen.length < mine.length}
            onChange={({ currentTarget }) =>
              setPicked(new Set(currentTarget.checked ? mine.map(({ item }) => item.id) : []))
            }
          />
          <span className={classes['buttons']}>
            <Button
              size="compact-sm"
              leftSection={<Check size={14} aria-hidden />}
              disabled={chosen.length === 0}
              loading={running}
              onClick={() => void confirm()}
            >
              {say('attestation.confirm')}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              disabled={chosen.length === 0 || running}
              onClick={() => setSaying(true)}
            >
              {say('attestation.deny')}
            </Button>
          </span>
          {failed !== undefined && <Fault error={failed} />}
        </div>
      )}
      <PlainTable<AttestedItem>
        label={title}
        rows={rows}
        keyOf={({ item }) => item.id}
        columns={[
          {
            id: 'pick',
            title: say('attestation.column.pick'),
            hiddenTitle: true,
            narrow: true,
            shown: mine.length > 0,
            render: ({ item, mayAnswer }) =>
              mayAnswer && (
                <Checkbox
                  size="sm"
                  aria-label={say('attestation.pick', { name: item.name })}
                  checked={picked.has(item.id)}
                  onChange={() => toggle(item.id)}
                />
              ),
          },
          {
            id: 'item',
            title: say('attestation.column.item'),
            render: ({ item, owner, answer: said, note }) => (
              <>
                <ItemLink item={item} heading />
                <div className={classes['quiet']}>{item.classLabel}</div>
                <BelowName>
                  {owner?.name ?? say('attestation.nobody')}
                  <div>
                    <AnswerTag answer={said} />
                  </div>
                  {note}
                </BelowName>
              </>
            ),
          },
          {
            id: 'owner',
            title: say('attestation.column.owner'),
            from: 'tablet',
            render: ({ owner }) =>
              owner?.name ?? <span className={classes['quiet']}>{say('attestation.nobody')}</span>,
          },
          {
            id: 'answer',
            title: say('attestation.column.answer'),
            from: 'tablet',
            render: ({ answer: said, note }) => (
              <>
                <AnswerTag answer={said} />
                {note !== '' && <div className={classes['note']}>{note}</div>}
              </>
            ),
          },
          {
            id: 'by',
            title: say('attestation.column.by'),
            from: 'desktop',
            shown: show !== 'mine' && show !== 'waiting',
            render: ({ answeredBy, answeredAt }) =>
              answeredAt !== null && (
                <>
                  {answeredBy?.name}, <RelativeTime at={answeredAt} />
                </>
              ),
          },
        ]}
      />
      {attestation.more && <Nothing>{say('attestation.mostRows')}</Nothing>}
      {saying && (
        <WrongDialog
          count={chosen.length}
          onClose={() => setSaying(false)}
          onSay={(note) => answer('wrong', note)}
        />
      )}
    </Section>
  )
}

const WrongDialog = ({
  count,
  onClose,
  onSay,
}: {
  readonly count: number
  readonly onClose: () => void
  readonly onSay: (note: string) => Promise<void>
}) => {
  const [note, setNote] = useState('')
  return (
    <FormDialog
      title={say('attestation.denyTitle', { count })}
      submit={say('attestation.deny')}
      ready={note.trim() !== ''}
      onClose={onClose}
      onSubmit={() => onSay(note.trim())}
    >
      <Textarea
        label={say('attestation.note')}
        description={say('attestation.noteHint')}
        value={note}
        autosize
        minRows={3}
        maxRows={10}
        maxLength={2000}
        data-autofocus
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  )
}

const Owners = ({ attestation: { owners } }: { readonly attestation: Attestation }) => (
  <Section title={say('attestation.view.owners')} lead={say('attestation.ownersLead')} flush>
    <PlainTable
      label={say('attestation.view.owners')}
      rows={owners}
      keyOf={({ owner }) => owner?.id ?? ''}
      quiet={({ items, answered }) => items === answered}
      columns={[
        {
          id: 'owner',
          title: say('attestation.column.owner'),
          render: ({ owner }) => owner?.name ?? say('attestation.nobody'),
        },
        {
          id: 'progress',
          title: say('attestation.column.progress'),
          render: ({ items, answered }) => <Answered answered={answered} items={items} />,
        },
        {
          id: 'told',
          title: say('attestation.column.told'),
          from: 'tablet',
          render: ({ owner, toldAt }) =>
            owner === null ? (
              ''
            ) : toldAt === null ? (
              <span className={classes['quiet']}>{say('attestation.notTold')}</span>
            ) : (
              <RelativeTime at={toldAt} />
            ),
        },
      ]}
    />
  </Section>
)
