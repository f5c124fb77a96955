import { Button, NativeSelect, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { Fault } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Tag } from '../../ui/tag.tsx'
import { differenceQuery, type PolicyKind, type VersionHead } from './policy.api.ts'
import { Differences } from './policy.effect.tsx'
import classes from './policy.module.css'

type Props = {
  readonly kind: PolicyKind
  readonly name: string
  readonly versions: readonly VersionHead[]
  readonly inForce: number | undefined
  readonly onRevert?: (version: number) => Promise<void>
}

/** Every version there was: who published it, why, from when; any two side by side, and any of them published again. */
export const Versions = ({ kind, name, versions, inForce, onRevert }: Props) => {
  const [pair, setPair] = useState<{ from: number; to: number }>()
  const newest = versions[0]?.version ?? 0
  const { from, to } = pair ?? { from: versions[1]?.version ?? newest, to: newest }
  const [error, setError] = useState<unknown>()
  const choices = versions.map(({ version }) => ({
    value: String(version),
    label: say('policy.version', { version: String(version) }),
  }))
  return (
    <section className={classes['versions']} aria-label={say('policy.versions')}>
      <h2 className={classes['section']}>{say('policy.versions')}</h2>
      {error !== undefined && <Fault error={error} />}
      <ol className={classes['versionRows']}>
        {versions.map((version) => (
          <li key={version.version} className={classes['version']}>
            <span className={classes['versionName']}>
              {say('policy.version', { version: String(version.version) })}
              {version.version === inForce && <Tag tone="done">{say('policy.current')}</Tag>}
              {inForce !== undefined && version.version > inForce && (
                <Tag tone="waiting">{say('policy.coming')}</Tag>
              )}
            </span>
            <span className={classes['versionNote']}>
              {version.version === 0 ? say('policy.builtInNote') : version.note}
            </span>
            <span className={classes['quiet']}>
              {version.author?.name ?? (version.version === 0 ? '' : say('policy.bySetUp'))}
              {version.publishedAt !== null && (
                <>
                  {' · '}
                  <RelativeTime at={version.publishedAt} />
                </>
              )}
              {version.publishedAt !== null &&
                version.effectiveFrom !== version.publishedAt &&
                ` · ${say('policy.holdsFrom', { at: absolute(version.effectiveFrom, readerZone()) })}`}
            </span>
            {onRevert !== undefined && version.version !== newest && (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={say('policy.revertOf', { version: String(version.version) })}
                onClick={() => {
                  setError(undefined)
                  onRevert(version.version).catch(setError)
                }}
              >
                {say('policy.revert')}
              </Button>
            )}
          </li>
        ))}
      </ol>
      {versions.length > 1 && (
        <div className={classes['compare']}>
          <h3 className={classes['subsection']}>{say('policy.compare')}</h3>
          <div className={classes['line']}>
            <NativeSelect
              label={say('policy.compareFrom')}
              data={choices}
              value={String(from)}
              onChange={(event) => setPair({ from: Number(event.currentTarget.value), to })}
            />
            <NativeSelect
              label={say('policy.compareTo')}
              data={choices}
              value={String(to)}
              onChange={(event) => setPair({ from, to: Number(event.currentTarget.value) })}
            />
          </div>
          <Compared kind={kind} name={name} from={from} to={to} />
        </div>
      )}
    </section>
  )
}

const Compared = ({
  kind,
  name,
  from,
  to,
}: {
  readonly kind: PolicyKind
  readonly name: string
  readonly from: number
  readonly to: number
}) => {
  const { data, error, refetch } = useQuery(differenceQuery(kind, name, from, to))
  if (error !== null) return <Fault error={error} onRetry={() => void refetch()} />
  return (
    <div role="status" className={classes['told']}>
      {data === undefined ? <Skeleton height={48} /> : <Differences differences={data.differences} />}
    </div>
  )
}
