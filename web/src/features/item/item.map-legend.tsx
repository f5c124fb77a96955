import { itemHealths } from '@evenkeel/contract/item'
import { ActionIcon, Popover } from '@mantine/core'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import { say } from '../../language/say.ts'
import classes from './item.map-legend.module.css'
import { healthLook } from './item.words.tsx'

type Shown = {
  /** Items that were not found are hidden. */
  readonly hides: boolean
  /** What is planned is drawn too. */
  readonly plans: boolean
}

/** What signs and lines mean; on a phone behind a button, because the map needs the room. */
export const MapLegend = ({ narrow, ...shown }: Shown & { readonly narrow: boolean }) =>
  narrow ? (
    <div className={classes['folded']}>
      <Popover position="top-start">
        <Popover.Target>
          <ActionIcon variant="default" size="lg" aria-label={say('map.legend')}>
            <CircleHelp size={16} aria-hidden />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown className={classes['down'] ?? ''}>
          <Signs {...shown} />
        </Popover.Dropdown>
      </Popover>
    </div>
  ) : (
    <div className={classes['beside']}>
      <Signs {...shown} />
    </div>
  )

const Signs = ({ hides, plans }: Shown) => (
  <ul className={classes['legend']} aria-label={say('map.legend')}>
    {itemHealths.map((health) => {
      const { Icon } = healthLook[health]
      return (
        <li key={health} data-health={health}>
          <Icon size={14} aria-hidden /> <span>{say(`item.health.${health}`)}</span>
        </li>
      )
    })}
    <li>
      <svg width="28" height="8" aria-hidden>
        <path d="M1 4h26" className={classes['needs']} />
      </svg>
      <span>{say('map.legend.needs')}</span>
    </li>
    <li>
      <svg width="28" height="8" aria-hidden>
        <path d="M1 4h26" className={classes['weak']} />
      </svg>
      <span>{say('map.legend.weak')}</span>
    </li>
    {plans && (
      <li>
        <svg width="28" height="8" aria-hidden>
          <path d="M1 4h26" className={classes['planned']} />
        </svg>
        <span>{say('map.legend.planned')}</span>
      </li>
    )}
    {hides && (
      <li>
        <svg width="28" height="8" aria-hidden>
          <path d="M1 4h26" className={classes['through']} />
        </svg>
        <span>{say('map.legend.through')}</span>
      </li>
    )}
  </ul>
)
