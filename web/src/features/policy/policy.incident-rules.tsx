import type { IncidentRules } from '@evenkeel/contract/policy'
import { NumberInput, Switch } from '@mantine/core'
import { say } from '../../language/say.ts'

type Props = {
  readonly policy: IncidentRules
  readonly editable: boolean
  readonly onChange: (policy: IncidentRules) => void
}

export const IncidentRulesEditor = ({ policy, editable, onChange }: Props) => (
  <>
    <NumberInput
      label={say('policy.rules.autoClose')}
      description={say('policy.rules.autoCloseText')}
      value={policy.autoCloseDays}
      min={1}
      max={365}
      allowDecimal={false}
      disabled={!editable}
      maw={320}
      onChange={(value) => {
        if (typeof value === 'number') onChange({ ...policy, autoCloseDays: value })
      }}
    />
    <Switch
      label={say('policy.rules.vip')}
      description={say('policy.rules.vipText')}
      checked={policy.vipRaisesUrgency}
      disabled={!editable}
      onChange={(event) => onChange({ ...policy, vipRaisesUrgency: event.currentTarget.checked })}
    />
  </>
)
