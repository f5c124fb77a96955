import type { PolicyPreview } from '@evenkeel/contract/policy'
import { NativeSelect, Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { say } from '../../language/say.ts'
import { Fault } from '../../ui/fault.tsx'
import type { PolicyKind } from './policy.api.ts'
import classes from './policy.module.css'
import { SecurityEffects } from './policy.security-effect.tsx'

export type Preview = PolicyPreview & { readonly differences: readonly { path: string; sentence: string }[] }

/** The effect in one sentence, in the reader's language. */
export const effectSentence = (kind: PolicyKind, preview: PolicyPreview): string => {
  const { changed, examined, sentence } = preview
  return kind === 'priority_matrix'
    ? say('policy.effect.matrix', { changed, examined })
    : kind === 'routing'
      ? say('policy.effect.routing', { changed, examined })
      : kind === 'notification' || kind === 'item_classes' || kind === 'item_sources'
        ? sentence
        : kind === 'security'
          ? securitySentence(preview)
          : say('policy.effect.none')
}

/** Who may not see how others sign in is told so, instead of that nobody is concerned. */
const securitySentence = ({ effects }: PolicyPreview): string =>
  effects === undefined
    ? say('security.effect.hidden')
    : effects.length === 0
      ? say('security.effect.nobody')
      : say('security.effect.some')

/** What publishing would change, before it does. */
export const Effect = ({
  kind,
  changed,
  preview,
  current,
  backTest,
}: {
  readonly kind: PolicyKind
  readonly changed: boolean
  readonly preview: UseQueryResult<Preview>
  /** What is shown is about the document as it is now, not as it was a moment ago. */
  readonly current: boolean
  readonly backTest?: {
    readonly last: number
    readonly choices: readonly number[]
    readonly onChange: (last: number) => void
  }
}) => (
  <section className={classes['effect']} aria-label={say('policy.effect')}>
    <h2 className={classes['section']}>{say('policy.effect')}</h2>
    {backTest !== undefined && (
      <NativeSelect
        label={say('policy.backTest')}
        value={String(backTest.last)}
        data={backTest.choices.map((count) => ({
          value: String(count),
          label: say(kind === 'item_classes' ? 'policy.backTest.items' : 'policy.backTest.last', { count }),
        }))}
        onChange={(event) => backTest.onChange(Number(event.currentTarget.value))}
      />
    )}
    <div role="status" data-old={(changed && !current) || undefined} className={classes['told']}>
      {!changed && <p className={classes['quiet']}>{say('policy.unchanged')}</p>}
      {changed && preview.data === undefined && preview.error === null && <Skeleton height={72} />}
      {changed && preview.error !== null && <Fault error={preview.error} />}
      {changed && preview.data !== undefined && preview.error === null && (
        <>
          <p className={classes['effectSentence']}>{effectSentence(kind, preview.data)}</p>
          {preview.data.effects !== undefined && <SecurityEffects effects={preview.data.effects} />}
          <Differences differences={preview.data.differences} />
        </>
      )}
    </div>
    {changed && preview.data !== undefined && preview.data.examples.length > 0 && (
      <ul className={classes['examples']} aria-label={say('policy.examples')}>
        {preview.data.examples.map(({ id, number, title, before, after }) => (
          <li key={id} className={classes['example']}>
            <Link
              to={kind === 'item_classes' ? '/items/$id' : '/incidents/$id'}
              params={{ id }}
              className={classes['exampleLink'] ?? ''}
            >
              <span className="figures">{number}</span> {title}
            </Link>
            <span className={classes['quiet']}>{say('policy.fromTo', { before, after })}</span>
          </li>
        ))}
        {preview.data.changed > preview.data.examples.length && (
          <li className={classes['quiet']}>
            {say('policy.more', { count: preview.data.changed - preview.data.examples.length })}
          </li>
        )}
      </ul>
    )}
  </section>
)

export const Differences = ({ differences }: { readonly differences: Preview['differences'] }) =>
  differences.length === 0 ? (
    <p className={classes['quiet']}>{say('policy.same')}</p>
  ) : (
    <ul className={classes['differences']}>
      {differences.map(({ path, sentence }) => (
        <li key={`${path} ${sentence}`}>{sentence}</li>
      ))}
    </ul>
  )
