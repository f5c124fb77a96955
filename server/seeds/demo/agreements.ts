import type { Filter } from '@evenkeel/contract/filter'
import type { ServiceLevels } from '@evenkeel/contract/service-level'
import type { z } from 'zod'

const open: Filter = { field: 'open', op: '=', value: true }
const over: Filter = { field: 'state', op: 'in', value: ['resolved', 'closed'] }
const answered: Filter = { field: 'responded', op: '=', value: true }
const waitsForCaller: Filter = { field: 'hold_reason', op: 'in', value: ['caller', 'user_scheduled'] }

type Clock = NonNullable<z.input<typeof ServiceLevels>['agreements']>[number]['clocks'][number]

const response = (workingMinutes: number, calendar: string): Clock => ({
  measures: 'response',
  start: open,
  stop: { any: [answered, over] },
  begins: 'at_origin',
  calendar,
  targets: [{ time: { workingMinutes } }],
})
const resolution = (targets: Clock['targets'], calendar: string): Clock => ({
  measures: 'resolution',
  start: open,
  pause: waitsForCaller,
  stop: over,
  begins: 'at_origin',
  calendar,
  targets,
  warnings: [{ percent: 75 }],
})

/** What departments, and teams among one another, agreed: what is critical counts round the clock. */
export const agreements: z.input<typeof ServiceLevels> = {
  agreements: [
    {
      id: 'critical',
      name: 'Critical and high',
      kind: 'sla',
      when: { field: 'priority', op: '<=', value: '2' },
      clocks: [
        response(15, 'always'),
        resolution(
          [
            { priorities: [1], time: { workingMinutes: 240 } },
            { priorities: [2], time: { workingMinutes: 480 } },
          ],
          'always',
        ),
        {
          measures: 'update',
          start: open,
          pause: waitsForCaller,
          stop: over,
          reset: { field: 'answered', op: '=', value: true },
          calendar: 'always',
          targets: [{ time: { workingMinutes: 120 } }],
        },
      ],
    },
    {
      id: 'standard',
      name: 'Standard',
      kind: 'sla',
      when: { all: [] },
      clocks: [
        response(120, 'office'),
        resolution(
          [
            { priorities: [1, 2, 3], time: { workingMinutes: 960 } },
            { priorities: [4], time: { workingMinutes: 2400 } },
            { priorities: [5], time: { workingDays: 10 } },
          ],
          'office',
        ),
      ],
    },
    {
      id: 'between-teams',
      name: 'Between teams',
      kind: 'ola',
      when: { all: [] },
      clocks: [
        {
          measures: 'assignment',
          start: open,
          pause: { field: 'hold_reason', op: 'is set' },
          stop: over,
          reset: { field: 'handed_over', op: '=', value: true },
          calendar: 'office',
          targets: [{ time: { workingMinutes: 960 } }],
        },
      ],
    },
  ],
}
