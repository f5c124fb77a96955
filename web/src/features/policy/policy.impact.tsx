import type { Level } from '@evenkeel/contract/incident'
import type { ImpactRules } from '@evenkeel/contract/policy'
import { NativeSelect, NumberInput } from '@mantine/core'
import { say } from '../../language/say.ts'
import classes from './policy.module.css'

type Props = {
  readonly policy: ImpactRules
  readonly editable: boolean
  readonly onChange: (policy: ImpactRules) => void
}

const criticalities = ['1', '2', '3', '4'] as const
const levels = [1, 2, 3] as const satisfies readonly Level[]

/** What a service that is down or degraded means, by its criticality, and what the number of people means. */
export const ImpactRulesEditor = ({ policy, editable, onChange }: Props) => (
  <>
    <div className={classes['scroll']}>
      <table className={classes['matrix']}>
        <caption className={classes['caption']}>{say('policy.impact.services')}</caption>
        <thead>
          <tr>
            <td />
            {criticalities.map((criticality) => (
              <th key={criticality} scope="col">
                {say('policy.impact.criticality', { criticality })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(['down', 'degraded'] as const).map((health) => (
            <tr key={health}>
              <th scope="row">{say(`item.health.${health}`)}</th>
              {criticalities.map((criticality) => (
                <td key={criticality}>
                  <NativeSelect
                    aria-label={say('policy.impact.cell', {
                      criticality,
                      health: say(`item.health.${health}`),
                    })}
                    value={String(policy[health][criticality])}
                    disabled={!editable}
                    data={levels.map((level) => ({ value: String(level), label: say(`level.${level}`) }))}
                    onChange={(event) => {
                      const chosen = levels.find((level) => String(level) === event.currentTarget.value)
                      if (chosen !== undefined)
                        onChange({ ...policy, [health]: { ...policy[health], [criticality]: chosen } })
                    }}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    {(['medium', 'high'] as const).map((level) => (
      <NumberInput
        key={level}
        label={say(`policy.impact.people.${level}`)}
        description={say('policy.impact.peopleText')}
        value={policy.people[level]}
        min={2}
        max={1_000_000}
        allowDecimal={false}
        disabled={!editable}
        maw={320}
        onChange={(value) => {
          if (typeof value === 'number') onChange({ ...policy, people: { ...policy.people, [level]: value } })
        }}
      />
    ))}
  </>
)
