import type { SecurityEffect } from '@evenkeel/contract/security'
import { Link } from '@tanstack/react-router'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import classes from './policy.module.css'

/** What publishing does to whom: a sentence for each kind of effect, and who it is. */
export const SecurityEffects = ({ effects }: { readonly effects: readonly SecurityEffect[] }) => (
  <ul className={classes['effects']} aria-label={say('policy.effect')}>
    {effects.map((effect) => (
      <li key={effect.what} className={classes['effectPart']}>
        <p className={classes['effectSentence']}>
          {say(`security.effect.${effect.what}`, { count: effect.count })}
        </p>
        <ul className={classes['names']}>
          {effect.people.map(({ id, name, detail }) => (
            <li key={`${id} ${detail}`}>
              <Link to="/admin/people/$id" params={{ id }} className={classes['exampleLink'] ?? ''}>
                {name}
              </Link>{' '}
              <span className={classes['quiet']}>{detailIn(effect.what, detail)}</span>
            </li>
          ))}
        </ul>
        {effect.count > effect.people.length && (
          <p className={classes['quiet']}>
            {say('security.effect.more', { count: effect.count - effect.people.length })}
          </p>
        )}
      </li>
    ))}
  </ul>
)

const detailIn = (what: SecurityEffect['what'], detail: string): string => {
  switch (what) {
    case 'set_up':
    case 'prove':
      return ''
    case 'deactivated':
      return say('security.effect.lastUsed', { at: absolute(detail, readerZone()) })
    case 'warned':
      return say('security.effect.goneAt', { at: absolute(detail, readerZone()) })
    case 'sessions':
      return Number(detail) === 1 ? '' : say('security.effect.sessionCount', { count: Number(detail) })
    case 'keys':
      return detail
  }
}
