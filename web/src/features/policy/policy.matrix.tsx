import type { Priority } from '@evenkeel/contract/incident'
import type { Matrix, PriorityMatrix } from '@evenkeel/contract/policy'
import { ActionIcon, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import X from 'lucide-react/icons/x'
import { say } from '../../language/say.ts'
import { choicesOf, servicesQuery } from './policy.api.ts'
import classes from './policy.module.css'

type Props = {
  readonly policy: PriorityMatrix
  readonly editable: boolean
  readonly onChange: (policy: PriorityMatrix) => void
}

const levels = ['high', 'medium', 'low'] as const
const priorities = [1, 2, 3, 4, 5] as const satisfies readonly Priority[]

/** The matrix as it is printed in the service agreement, and the matrices of services that have one of their own. */
export const MatrixEditor = ({ policy, editable, onChange }: Props) => {
  const { data } = useQuery(servicesQuery)
  const nameOf = (id: string): string => data?.rows.find((row) => row.id === id)?.name ?? id
  const others = choicesOf(data?.rows).filter(
    ({ value }) => !policy.services.some(({ serviceId }) => serviceId === value),
  )
  return (
    <>
      <MatrixTable
        caption={say('policy.matrix.all')}
        matrix={policy.matrix}
        editable={editable}
        onChange={(matrix) => onChange({ ...policy, matrix })}
      />
      {policy.services.map(({ serviceId, matrix }) => (
        <div key={serviceId} className={classes['ownMatrix']}>
          <MatrixTable
            caption={say('policy.matrix.of', { service: nameOf(serviceId) })}
            matrix={matrix}
            editable={editable}
            onChange={(next) =>
              onChange({
                ...policy,
                services: policy.services.map((entry) =>
                  entry.serviceId === serviceId ? { serviceId, matrix: next } : entry,
                ),
              })
            }
          />
          {editable && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={say('policy.matrix.remove', { service: nameOf(serviceId) })}
              onClick={() =>
                onChange({
                  ...policy,
                  services: policy.services.filter((entry) => entry.serviceId !== serviceId),
                })
              }
            >
              <X size={16} aria-hidden />
            </ActionIcon>
          )}
        </div>
      ))}
      {editable && others.length > 0 && (
        <NativeSelect
          label={say('policy.matrix.add')}
          description={say('policy.matrix.addText')}
          value=""
          data={[{ value: '', label: say('policy.choose') }, ...others]}
          onChange={(event) => {
            const serviceId = event.currentTarget.value
            if (serviceId !== '')
              onChange({ ...policy, services: [...policy.services, { serviceId, matrix: policy.matrix }] })
          }}
        />
      )}
    </>
  )
}

const MatrixTable = ({
  caption,
  matrix,
  editable,
  onChange,
}: {
  readonly caption: string
  readonly matrix: Matrix
  readonly editable: boolean
  readonly onChange: (matrix: Matrix) => void
}) => (
  <div className={classes['scroll']}>
    <table className={classes['matrix']}>
      <caption className={classes['caption']}>{caption}</caption>
      <thead>
        <tr>
          <td />
          {levels.map((urgency) => (
            <th key={urgency} scope="col">
              {say('policy.matrix.urgency', { level: say(`policy.level.${urgency}`) })}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {levels.map((impact) => (
          <tr key={impact}>
            <th scope="row">{say('policy.matrix.impact', { level: say(`policy.level.${impact}`) })}</th>
            {levels.map((urgency) => (
              <td key={urgency} data-priority={matrix[impact][urgency]}>
                <NativeSelect
                  aria-label={say('policy.matrix.cell', {
                    matrix: caption,
                    impact: say(`policy.level.${impact}`),
                    urgency: say(`policy.level.${urgency}`),
                  })}
                  value={String(matrix[impact][urgency])}
                  disabled={!editable}
                  data={priorities.map((priority) => ({
                    value: String(priority),
                    label: say('priority.tag', {
                      number: String(priority),
                      name: say(`priority.${priority}`),
                    }),
                  }))}
                  onChange={(event) => {
                    const chosen = priorities.find((one) => String(one) === event.currentTarget.value)
                    if (chosen !== undefined)
                      onChange({ ...matrix, [impact]: { ...matrix[impact], [urgency]: chosen } })
                  }}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)
