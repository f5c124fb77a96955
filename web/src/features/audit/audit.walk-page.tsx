import { Button, Skeleton, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import CircleCheck from 'lucide-react/icons/circle-check'
import CloudOff from 'lucide-react/icons/cloud-off'
import MapPin from 'lucide-react/icons/map-pin'
import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { addScan, onScans } from '../../parts/kept.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { beginSending } from '../../parts/scan-sending.ts'
import { useMe } from '../../parts/session.ts'
import { Choice } from '../../ui/choice.tsx'
import { FaultPage } from '../../ui/fault.tsx'
import { Nothing, Panel, Section, SettingsPage } from '../../ui/settings-page.tsx'
import { auditsKey, expectedQuery, scansKey, scansQuery } from './audit.api.ts'
import { CameraScan } from './audit.camera.tsx'
import {
  isRepeated,
  itemOf,
  knownOf,
  type Line,
  linesOf,
  missingAt,
  placesOf,
  tallyOf,
} from './audit.match.ts'
import classes from './audit.module.css'
import { KeptSince, Offline } from './audit.offline.tsx'
import { Progress } from './audit.progress.tsx'
import { ScanLines, Standing } from './audit.queue.tsx'
import { AuditStateTag, OutcomeIcon, toneOf } from './audit.words.tsx'

const route = getRouteApi('/shell/audits/$id/scan')

const mostListed = 50

/** Walking through rooms with a phone or a scanner: everything here works without network. */
export const AuditWalkPage = () => {
  const { id } = route.useParams()
  const { place = null } = route.useSearch()
  const navigate = route.useNavigate()
  const me = useMe()
  const queries = useQueryClient()
  const owner = me.person.id
  const { data: asked, error, refetch } = useQuery(expectedQuery(id, me))
  const { data: all, error: unkept } = useQuery(scansQuery(owner))
  useEffect(() => onScans(() => void queries.invalidateQueries({ queryKey: scansKey })), [queries])
  useLiveChanges('item_audit', (change) => {
    if (change.id === id) void queries.invalidateQueries({ queryKey: [...auditsKey, 'expected', id] })
  })
  const expected = asked?.value
  const known = useMemo(() => (expected === undefined ? undefined : knownOf(expected)), [expected])
  const [thisYear] = useState(() => new Date().getFullYear())
  const scans = useMemo(() => (all ?? []).filter(({ auditId }) => auditId === id), [all, id])
  const lines = useMemo(
    () => (known === undefined ? [] : linesOf(known, scans, thisYear)),
    [known, scans, thisYear],
  )
  const tally = useMemo(() => (known === undefined ? [] : tallyOf(known, lines)), [known, lines])
  const places = useMemo(() => (known === undefined ? [] : placesOf(known, tally)), [known, tally])
  if (asked === undefined || known === undefined || expected === undefined)
    return error === null ? (
      <div role="status" aria-label={say('list.loading')} className={classes['skeleton']}>
        <Skeleton height={24} width="60%" />
        <Skeleton height={96} />
        <Skeleton height={160} />
      </div>
    ) : (
      <FaultPage error={error} onRetry={() => void refetch()} />
    )
  const here = places.find((one) => one.id === place)
  const missing = missingAt(known, tally, here?.id ?? null)
  const expectedCount = tally.length
  const seenCount = tally.filter(({ outcome }) => outcome !== 'missing').length
  const isOpen = expected.state === 'open'
  return (
    <div className={classes['walk']}>
      <SettingsPage
        title={expected.name}
        back={
          asked.keptAt === null ? (
            <Link to="/audits/$id" params={{ id }}>
              {say('audit.report')}
            </Link>
          ) : (
            <Link to="/audits">{say('audit.list')}</Link>
          )
        }
        {...(isOpen ? {} : { tags: <AuditStateTag state="closed" /> })}
      >
        <Offline />
        <Standing
          scans={all ?? []}
          isKept={asked.isKept && unkept === null}
          onSignIn={{ to: `/audits/${id}/scan` }}
        />
        {asked.keptAt !== null && <KeptSince at={asked.keptAt} />}
        {isOpen && (
          <Panel>
            <div className={classes['where']}>
              <MapPin size={16} aria-hidden />
              <span className={classes['label']}>{say('audit.whereAreYou')}</span>
              <div className={classes['choice']}>
                <Choice
                  label={say('audit.whereAreYou')}
                  value={here?.id ?? null}
                  editable
                  searchable
                  nothing={say('audit.placeAny')}
                  options={places.map(({ id: value, name, expected: count, found }) => ({
                    value,
                    label: name,
                    hint:
                      count === 0
                        ? say('audit.placeNone')
                        : say('audit.placeFigure', { found, expected: count }),
                  }))}
                  onChoose={async (chosen) =>
                    navigate({ search: { place: chosen ?? undefined }, replace: true, resetScroll: false })
                  }
                >
                  {here?.name ?? <span className={classes['quiet']}>{say('audit.placeAny')}</span>}
                </Choice>
              </div>
            </div>
            <Scanner
              key={id}
              lines={lines}
              isNew={(text) => {
                const itemId = itemOf(known, text, thisYear)
                return {
                  repeated: isRepeated(lines, text, here?.id ?? null, itemId),
                  name: itemId === null ? text : (known.items.get(itemId)?.name ?? text),
                }
              }}
              onScan={async (text) => {
                await addScan({ owner, auditId: id, text, placeId: here?.id ?? null })
                beginSending(owner)
              }}
            />
          </Panel>
        )}
        <Section
          title={say(here === undefined ? 'audit.hereAll' : 'audit.here')}
          actions={
            here === undefined ? (
              <Progress seen={seenCount} expected={expectedCount} />
            ) : (
              here.expected > 0 && <Progress seen={here.found} expected={here.expected} />
            )
          }
          flush
        >
          {missing.length === 0 ? (
            <p className={classes['done']}>
              <CircleCheck size={16} aria-hidden /> {say('audit.hereDone')}
            </p>
          ) : (
            <ul className={classes['list']}>
              {missing.slice(0, mostListed).map((itemId) => {
                const item = known.items.get(itemId)
                return (
                  <li key={itemId} className={classes['line']}>
                    <span className={classes['name']}>{item?.name}</span>
                    <span className={classes['codes']}>{item?.codes.join(' · ')}</span>
                  </li>
                )
              })}
              {missing.length > mostListed && (
                <li className={classes['line']}>
                  <span className={classes['quiet']}>
                    {say('audit.hereMore', { count: missing.length - mostListed })}
                  </span>
                </li>
              )}
            </ul>
          )}
        </Section>
        <Section title={say('audit.scanned')} flush>
          {lines.length === 0 ? (
            <Nothing>{say('audit.scannedNone')}</Nothing>
          ) : (
            <ScanLines owner={owner} lines={lines} places={known.places} />
          )}
        </Section>
      </SettingsPage>
    </div>
  )
}

type Told = { readonly seq: number; readonly repeated: string | null }

/** One field for fingers and scanners, the camera where there is one, and what the last label was. */
const Scanner = ({
  lines,
  isNew,
  onScan,
}: {
  readonly lines: readonly Line[]
  readonly isNew: (text: string) => { readonly repeated: boolean; readonly name: string }
  readonly onScan: (text: string) => Promise<void>
}) => {
  const [text, setText] = useState('')
  const [repeated, setRepeated] = useState<Told>()
  const [failed, setFailed] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const last = lines.at(-1)
  // Scanners are quicker than the database of the browser: one after the other, in their order.
  const queue = useRef(Promise.resolve())
  const latest = useRef({ isNew, onScan })
  useEffect(() => {
    latest.current = { isNew, onScan }
  })
  const take = (given: string): void => {
    const scanned = given.trim()
    if (scanned === '') return
    setText('')
    const keep = async (): Promise<void> => {
      const { repeated: known, name } = latest.current.isNew(scanned)
      if (known) {
        setRepeated({ seq: Date.now(), repeated: name })
        return
      }
      setRepeated(undefined)
      try {
        await latest.current.onScan(scanned)
        setFailed(false)
      } catch {
        setFailed(true)
        setText(scanned)
      }
    }
    queue.current = queue.current.then(keep)
  }
  // A mouse means a desk with a scanner: it types at once. On a phone the keyboard would hide half the page.
  const isDesk = matchMedia('(pointer: fine)').matches
  return (
    <div className={classes['scanner']}>
      <form
        className={classes['typing']}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          take(text)
          field.current?.focus()
        }}
      >
        <TextInput
          ref={field}
          size="md"
          label={say('audit.field')}
          value={text}
          maxLength={1000}
          autoFocus={isDesk}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="done"
          className={classes['grows'] ?? ''}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            // A keyboard scanner types the separator as Ctrl+], which no field takes.
            if (event.ctrlKey && event.key === ']') {
              event.preventDefault()
              setText((before) => `${before}␝`)
            }
          }}
        />
        <Button type="submit" size="md" disabled={text.trim() === ''}>
          {say('audit.scan')}
        </Button>
      </form>
      <CameraScan onScan={take} />
      <div role="status" className={classes['told']}>
        {failed && (
          <p className={classes['warned']}>
            <CloudOff size={16} aria-hidden /> {say('audit.notKept')}
          </p>
        )}
        {!failed && repeated !== undefined && (
          <p className={classes['answer']} data-tone="low" key={repeated.seq}>
            {say('audit.repeated', { name: repeated.repeated ?? '' })}
          </p>
        )}
        {!failed && repeated === undefined && last !== undefined && <Answer key={last.id} line={last} />}
      </div>
    </div>
  )
}

/** What the last label was, large enough to be read at arm's length. */
const Answer = ({ line: { outcome, name, text, expectedPlace } }: { readonly line: Line }) => (
  <div className={classes['answer']} data-tone={toneOf(outcome)}>
    <OutcomeIcon outcome={outcome} size={24} />
    <div className={classes['what']}>
      <strong className={classes['found']}>{name ?? text}</strong>
      <span>
        {say(`audit.outcome.${outcome}`)}
        {outcome === 'wrong_place' && expectedPlace !== null && (
          <> · {say('audit.expected', { place: expectedPlace })}</>
        )}
      </span>
    </div>
  </div>
)
