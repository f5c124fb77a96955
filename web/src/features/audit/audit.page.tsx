import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import {
  auditCaps,
  type AuditDecision,
  type AuditPage as Report,
  type AuditRow,
} from '@evenkeel/contract/item-audit'
import { Button, Checkbox, Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import Download from 'lucide-react/icons/download'
import ScanBarcode from 'lucide-react/icons/scan-barcode'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { announce } from '../../ui/announce.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Fault, FaultPage, sentence } from '../../ui/fault.tsx'
import { BelowName, PlainTable } from '../../ui/plain-table.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Fact, Facts, Nothing, Panel, Section, SettingsPage } from '../../ui/settings-page.tsx'
import { viewCount, viewLink, ViewLinks } from '../../ui/view-links.tsx'
import { ItemLink } from '../../parts/item-link.tsx'
import { auditQuery, auditsKey } from './audit.api.ts'
import classes from './audit.module.css'
import { Offline } from './audit.offline.tsx'
import { Progress } from './audit.progress.tsx'
import { type AuditShow, auditShows } from './audit.search.ts'
import { AuditStateTag, OutcomeTag, scopeOf } from './audit.words.tsx'

const route = getRouteApi('/shell/audits/$id')

/** What of a stock-taking is where it should be, what is not, and what is decided about that. */
export const AuditPage = () => {
  const { id } = route.useParams()
  const { show } = route.useSearch()
  const me = useMe()
  const queries = useQueryClient()
  const outcome = show === 'unread' ? undefined : show
  const { data: audit, error, refetch } = useQuery(auditQuery(id, outcome))
  const changed = (): Promise<void> => queries.invalidateQueries({ queryKey: auditsKey })
  useLiveChanges('item_audit', () => void changed())
  const [closing, setClosing] = useState(false)
  if (audit === undefined)
    return error === null ? (
      <div role="status" aria-label={say('list.loading')} className={classes['skeleton']}>
        <Skeleton height={24} width="40%" />
        <Skeleton height={96} />
        <Skeleton height={240} />
      </div>
    ) : (
      <FaultPage error={error} onRetry={() => void refetch()} />
    )
  const { counts } = audit
  const isOpen = audit.state === 'open'
  const mayScan = isOpen && mayAtAll(me, 'item.audit')
  const maySettle = isOpen && mayAtAll(me, 'item.manage')
  const countOf = (one: AuditShow): number => counts[one]
  return (
    <SettingsPage
      title={audit.name}
      back={<Link to="/audits">{say('audit.list')}</Link>}
      tags={<AuditStateTag state={audit.state} />}
      actions={
        <>
          {mayAtAll(me, 'export') && (
            <Button
              component="a"
              variant="default"
              href={addressOf(api.exportAudit, { id })}
              download
              leftSection={<Download size={16} aria-hidden />}
            >
              {say('audit.export')}
            </Button>
          )}
          {maySettle && (
            <Button variant="default" onClick={() => setClosing(true)}>
              {say('audit.close')}
            </Button>
          )}
          {mayScan && (
            <Button
              leftSection={<ScanBarcode size={16} aria-hidden />}
              renderRoot={(props) => <Link to="/audits/$id/scan" params={{ id }} {...props} />}
            >
              {say('audit.goOn')}
            </Button>
          )}
        </>
      }
    >
      <Offline />
      {error !== null && <Fault error={error} kept={say('record.kept')} onRetry={() => void refetch()} />}
      <Panel>
        <Facts>
          <Fact name={say('audit.column.progress')}>
            <Progress seen={counts.found + counts.wrong_place} expected={counts.expected} />
          </Fact>
          <Fact name={say('audit.column.scope')}>
            {audit.filter === null ? scopeOf(audit) : <code>{audit.filter}</code>}
          </Fact>
          <Fact name={say('audit.begun')}>
            {say('audit.begunBy', {
              name: audit.openedBy.name,
              at: absolute(audit.openedAt, readerZone()),
            })}
          </Fact>
          {audit.closedAt !== null && (
            <Fact name={say('audit.closed')}>
              {say('audit.begunBy', {
                name: audit.closedBy?.name ?? '',
                at: absolute(audit.closedAt, readerZone()),
              })}
            </Fact>
          )}
        </Facts>
      </Panel>
      <ViewLinks label={say('audit.views')}>
        {([undefined, ...auditShows] as const).map((one) => (
          <Link
            key={one ?? ''}
            to="/audits/$id"
            params={{ id }}
            search={one === undefined ? {} : { show: one }}
            className={viewLink}
            aria-current={one === show ? 'page' : undefined}
            activeProps={{}}
            activeOptions={{ exact: true, includeSearch: true }}
            resetScroll={false}
          >
            {say(`audit.view.${one ?? 'differences'}`)}
            <span className={viewCount}>
              {one === undefined
                ? countOf('missing') + countOf('wrong_place') + countOf('unexpected')
                : countOf(one)}
            </span>
          </Link>
        ))}
      </ViewLinks>
      {show === 'unread' ? (
        <Unread audit={audit} />
      ) : (
        <Rows
          key={`${id} ${show ?? ''}`}
          audit={audit}
          show={show}
          maySettle={maySettle && show !== 'found'}
          onChanged={changed}
        />
      )}
      {closing && (
        <Confirm
          title={say('audit.closeTitle', { name: audit.name })}
          text={
            counts.undecided === 0
              ? say('audit.closeText')
              : say('audit.closeUndecided', { count: counts.undecided })
          }
          action={say('audit.close')}
          onConfirm={async () => {
            await client.closeAudit({ params: { id }, version: audit.version, body: {} })
            await changed()
          }}
          onClose={() => setClosing(false)}
        />
      )}
    </SettingsPage>
  )
}

type RowsProps = {
  readonly audit: Report
  readonly show: AuditShow | undefined
  readonly maySettle: boolean
  readonly onChanged: () => Promise<void>
}

const Rows = ({ audit, show, maySettle, onChanged }: RowsProps) => {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const { rows } = audit
  const chosen = rows.filter(({ item }) => picked.has(item.id))
  if (rows.length === 0)
    return (
      <Panel flush>
        <Nothing>{say(show === undefined ? 'audit.noDifference' : 'audit.noRows')}</Nothing>
      </Panel>
    )
  const toggle = (id: string): void => {
    const next = new Set(picked)
    if (!next.delete(id)) next.add(id)
    setPicked(next)
  }
  return (
    <Section
      title={say(`audit.view.${show ?? 'differences'}`)}
      {...(maySettle ? { lead: say('audit.settleLead') } : {})}
      flush
    >
      {maySettle && (
        <Settle
          audit={audit}
          chosen={chosen}
          isWhole={chosen.length === rows.length}
          onWhole={(whole) => setPicked(new Set(whole ? rows.map(({ item }) => item.id) : []))}
          onDone={async () => {
            setPicked(new Set())
            await onChanged()
          }}
        />
      )}
      <PlainTable<AuditRow>
        label={say(`audit.view.${show ?? 'differences'}`)}
        rows={rows}
        keyOf={({ item }) => item.id}
        quiet={({ decision }) => decision !== null}
        columns={[
          {
            id: 'pick',
            title: say('audit.column.pick'),
            hiddenTitle: true,
            narrow: true,
            shown: maySettle,
            render: ({ item }) => (
              <Checkbox
                size="sm"
                aria-label={say('audit.pick', { name: item.name })}
                checked={picked.has(item.id)}
                onChange={() => toggle(item.id)}
              />
            ),
          },
          {
            id: 'item',
            title: say('audit.column.item'),
            render: ({ item, expectedPlace, seen, outcome, decision }) => (
              <>
                <ItemLink item={item} heading />
                <div className={classes['quiet']}>{item.classLabel}</div>
                <BelowName>
                  {show === undefined && <OutcomeTag outcome={outcome} />}
                  {decision !== null && <div>{say(`audit.decision.${decision.decision}`)}</div>}
                  {expectedPlace !== null && say('audit.expected', { place: expectedPlace.name })}
                  {outcome !== 'missing' && seen !== null && (
                    <div>
                      {seen.place === null
                        ? say('audit.atNowhere')
                        : say('audit.at', { place: seen.place.name })}
                    </div>
                  )}
                </BelowName>
              </>
            ),
          },
          {
            id: 'outcome',
            title: say('audit.column.outcome'),
            from: 'tablet',
            shown: show === undefined,
            render: ({ outcome }) => <OutcomeTag outcome={outcome} />,
          },
          {
            id: 'expected',
            title: say('audit.column.expected'),
            from: 'tablet',
            shown: show !== 'unexpected',
            render: ({ expectedPlace }) => expectedPlace?.name ?? '',
          },
          {
            id: 'seen',
            title: say('audit.column.seen'),
            from: 'tablet',
            shown: show !== 'missing',
            render: ({ seen }) => seen !== null && (seen.place?.name ?? say('audit.atNowhere')),
          },
          {
            id: 'by',
            title: say('audit.column.by'),
            from: 'desktop',
            shown: show !== 'missing',
            render: ({ seen }) =>
              seen !== null && (
                <>
                  {seen.by.name}, <RelativeTime at={seen.at} />
                </>
              ),
          },
          {
            id: 'decision',
            title: say('audit.column.decision'),
            from: 'tablet',
            shown: show !== 'found',
            render: ({ decision }) =>
              decision !== null &&
              say('audit.decidedBy', {
                decision: say(`audit.decision.${decision.decision}`),
                name: decision.by.name,
              }),
          },
        ]}
      />
      {audit.more && <Nothing>{say('audit.mostRows')}</Nothing>}
    </Section>
  )
}

/** What may become of a difference, so that whoever chose several sees what fits all of them. */
const fits = (decision: AuditDecision, { outcome, seen }: AuditRow): boolean =>
  decision === 'leave' ||
  (decision === 'lost' ? outcome === 'missing' : outcome !== 'missing' && (seen?.place ?? null) !== null)

const Settle = ({
  audit: { id },
  chosen,
  isWhole,
  onWhole,
  onDone,
}: {
  readonly audit: Report
  readonly chosen: readonly AuditRow[]
  readonly isWhole: boolean
  readonly onWhole: (whole: boolean) => void
  readonly onDone: () => Promise<void>
}) => {
  const [running, setRunning] = useState<AuditDecision>()
  const [said, setSaid] = useState<{ readonly done: number; readonly others: readonly string[] }>()
  const [failed, setFailed] = useState<unknown>()
  const settle = async (decision: AuditDecision): Promise<void> => {
    setRunning(decision)
    setFailed(undefined)
    setSaid(undefined)
    const names = new Map(chosen.map(({ item }) => [item.id, item.name]))
    const ids = [...names.keys()]
    let done = 0
    const others: string[] = []
    try {
      for (let from = 0; from < ids.length; from += auditCaps.decisions) {
        const { results } = await client.decideAudit({
          params: { id },
          body: {
            decisions: ids.slice(from, from + auditCaps.decisions).map((itemId) => ({ itemId, decision })),
          },
        })
        done += results.filter((one) => one.outcome !== 'refused').length
        for (const one of results)
          if (one.sentence !== '') others.push(`${names.get(one.itemId) ?? ''}: ${one.sentence}`)
      }
      announce(say('audit.decided', { count: done }))
    } catch (error) {
      setFailed(error)
    }
    setSaid({ done, others })
    setRunning(undefined)
    await onDone()
  }
  return (
    <div className={classes['settle']}>
      <Checkbox
        size="sm"
        aria-label={say('audit.pickAll')}
        checked={isWhole}
        indeterminate={chosen.length > 0 && !isWhole}
        onChange={({ currentTarget }) => onWhole(currentTarget.checked)}
      />
      <span className={classes['quiet']}>{say('audit.picked', { count: chosen.length })}</span>
      <span className={classes['acts']}>
        {(['move', 'lost', 'leave'] as const).map((decision) => (
          <Button
            key={decision}
            size="compact-sm"
            variant="default"
            loading={running === decision}
            disabled={
              chosen.length === 0 || running !== undefined || !chosen.every((row) => fits(decision, row))
            }
            onClick={() => void settle(decision)}
          >
            {say(`audit.decide.${decision}`)}
          </Button>
        ))}
      </span>
      {failed !== undefined && <Fault error={failed} />}
      {said !== undefined && (
        <div className={classes['result']}>
          {said.done > 0 && <span>{say('audit.decided', { count: said.done })}</span>}
          {said.others.map((one) => (
            <div key={one}>{sentence(one)}.</div>
          ))}
        </div>
      )}
    </div>
  )
}

const Unread = ({ audit }: { readonly audit: Report }) =>
  audit.unread.length === 0 ? (
    <Panel flush>
      <Nothing>{say('audit.noRows')}</Nothing>
    </Panel>
  ) : (
    <Section title={say('audit.unread')} lead={say('audit.unreadLead')} flush>
      <PlainTable
        label={say('audit.unread')}
        rows={audit.unread}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'text',
            title: say('audit.column.text'),
            render: ({ text }) => <code className={classes['code']}>{text}</code>,
          },
          {
            id: 'seen',
            title: say('audit.column.seen'),
            render: ({ place }) => place?.name ?? say('audit.atNowhere'),
          },
          {
            id: 'by',
            title: say('audit.column.by'),
            from: 'tablet',
            render: ({ by, at }) => (
              <>
                {by.name}, <RelativeTime at={at} />
              </>
            ),
          },
        ]}
      />
    </Section>
  )
