import { SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { say } from '../language/say.ts'
import { densities, setDensity, useDensity } from '../ui/density.ts'
import classes from './appearance.module.css'

const schemes = ['auto', 'light', 'dark'] as const

/** How this browser shows things: colors and the height of rows. */
export const Appearance = () => {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const density = useDensity()
  return (
    <div className={classes['choices']}>
      <span className={classes['label']}>{say('account.scheme')}</span>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={say('account.scheme')}
        value={colorScheme}
        onChange={(value) => setColorScheme(schemes.find((scheme) => scheme === value) ?? 'auto')}
        data={schemes.map((value) => ({ value, label: say(`account.scheme.${value}`) }))}
      />
      <span className={classes['label']}>{say('account.density')}</span>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={say('account.density')}
        value={density}
        onChange={(value) => setDensity(densities.find((one) => one === value) ?? 'compact')}
        data={densities.map((value) => ({ value, label: say(`account.density.${value}`) }))}
      />
    </div>
  )
}
