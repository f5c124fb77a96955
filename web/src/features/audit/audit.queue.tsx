import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import Check from 'lucide-react/icons/check'
import CloudOff from 'lucide-react/icons/cloud-off'
import CloudUpload from 'lucide-react/icons/cloud-upload'
import HardDriveDownload from 'lucide-react/icons/hard-drive-download'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { say } from '../../language/say.ts'
import { dropScan, type KeptScan, onScans } from '../../parts/kept.ts'
import { sendAgain, sendingNow } from '../../parts/scan-sending.ts'
import { sentence } from '../../ui/fault.tsx'
import { RowButton } from '../../ui/plain-table.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Tag } from '../../ui/tag.tsx'
import type { Line } from './audit.match.ts'
import classes from './audit.module.css'
import { OutcomeTag } from './audit.words.tsx'

const watchNetwork = (listener: () => void): (() => void) => {
  window.addEventListener('online', listener)
  window.addEventListener('offline', listener)
  const stop = onScans(listener)
  return () => {
    window.removeEventListener('online', listener)
    window.removeEventListener('offline', listener)
    stop()
  }
}
const standing = (): string => (navigator.onLine ? sendingNow() : 'away')

/** Whether this page can be opened again without network: not before the browser has all its parts. */
const useReady = (): boolean | undefined => {
  const [ready, setReady] = useState<boolean | undefined>(() =>
    'serviceWorker' in navigator ? undefined : false,
  )
  useEffect(() => {
    if (!('serviceWorker' in navigator)) return undefined
    const gone = new AbortController()
    const wait = async (): Promise<void> => {
      await navigator.serviceWorker.ready
      if (!gone.signal.aborted) setReady(true)
    }
    wait().catch(() => undefined)
    return () => gone.abort()
  }, [])
  return ready
}

/** What waits, what was sent, what was refused; and whether the network may go. */
export const Standing = ({
  scans,
  isKept,
  onSignIn,
}: {
  readonly scans: readonly KeptScan[]
  readonly isKept: boolean
  /** Where to come back to. */
  readonly onSignIn: { readonly to: string }
}) => {
  const now = useSyncExternalStore(watchNetwork, standing)
  const ready = useReady()
  const count = (state: KeptScan['state']): number => scans.filter((scan) => scan.state === state).length
  const [waiting, refused] = [count('waiting'), count('refused')]
  if (!isKept)
    return (
      <p className={classes['warned']} role="alert">
        <TriangleAlert size={16} aria-hidden /> {say('audit.keptNot')}
      </p>
    )
  return (
    <div className={classes['standing']}>
      <div className={classes['tags']} role="status">
        {now === 'away' && (
          <Tag tone="medium" icon={<CloudOff size={14} aria-hidden />}>
            {say('audit.offline')}
          </Tag>
        )}
        {waiting > 0 && (
          <Tag tone="waiting" icon={<CloudUpload size={14} aria-hidden />}>
            {say('audit.waiting', { count: waiting })}
          </Tag>
        )}
        {refused > 0 && (
          <Tag tone="high" icon={<TriangleAlert size={14} aria-hidden />}>
            {say('audit.refused', { count: refused })}
          </Tag>
        )}
        {waiting === 0 && refused === 0 && scans.length > 0 && (
          <Tag tone="done" icon={<Check size={14} aria-hidden />}>
            {say('audit.sent')}
          </Tag>
        )}
        {ready === true && (
          <Tag tone="low" icon={<HardDriveDownload size={14} aria-hidden />}>
            {say('audit.ready')}
          </Tag>
        )}
      </div>
      {now === 'signed_out' && waiting > 0 && (
        <p className={classes['warned']}>
          {say('audit.signedOut')}{' '}
          <Link to="/sign-in" search={onSignIn}>
            {say('audit.signIn')}
          </Link>
        </p>
      )}
      {now === 'away' && waiting > 0 && <p className={classes['small']}>{say('audit.sendsSoon')}</p>}
      {ready === false && <p className={classes['small']}>{say('audit.notSecure')}</p>}
    </div>
  )
}

const looks = {
  waiting: { tone: 'waiting', Icon: CloudUpload },
  sent: { tone: 'done', Icon: Check },
  refused: { tone: 'high', Icon: TriangleAlert },
} as const

const mostListed = 100

/** What this device scanned here, the newest first; what was refused says why, and waits for a person. */
export const ScanLines = ({
  owner,
  lines,
  places,
}: {
  readonly owner: string
  readonly lines: readonly Line[]
  readonly places: ReadonlyMap<string, string>
}) => {
  const refused = lines.filter(({ state }) => state === 'refused')
  return (
    <>
      {refused.length > 0 && (
        <div className={classes['refused']}>
          <span className={classes['grows']}>{say('audit.refusedTitle')}</span>
          <Button size="compact-sm" variant="default" onClick={() => void sendAgain(owner, refused)}>
            {say('audit.again')}
          </Button>
        </div>
      )}
      <ol className={classes['list']}>
        {[...refused, ...lines.filter(({ state }) => state !== 'refused').toReversed()]
          .slice(0, mostListed)
          .map((line) => {
            const { tone, Icon } = looks[line.state]
            return (
              <li key={line.id} className={classes['scan']}>
                <div className={classes['what']}>
                  <span className={classes['name']}>{line.name ?? line.text}</span>
                  <span className={classes['small']}>
                    {line.placeId === null
                      ? say('audit.atNowhere')
                      : (places.get(line.placeId) ?? say('audit.atNowhere'))}
                    {' · '}
                    <RelativeTime at={line.at} />
                  </span>
                  {line.reason !== null && <span className={classes['why']}>{sentence(line.reason)}.</span>}
                </div>
                <div className={classes['tags']}>
                  {line.state !== 'refused' && <OutcomeTag outcome={line.outcome} />}
                  <Tag tone={tone} icon={<Icon size={14} aria-hidden />}>
                    {say(`audit.state.${line.state}`)}
                  </Tag>
                  {line.state === 'refused' && (
                    <RowButton
                      label={say('audit.dropLabel', { text: line.text })}
                      onPress={() => void dropScan(owner, line.id)}
                    >
                      {say('audit.drop')}
                    </RowButton>
                  )}
                </div>
              </li>
            )
          })}
      </ol>
    </>
  )
}
