import { killPoints } from '../../server/test/mail-faults.ts'
import type { Report } from './harness.ts'
import { mustLose, surviveAll } from './mail.ts'
import type { Place } from './place.ts'

export const title = 'F3: kill -9 of the worker before it sends, after it sent, and after it noted so'

type Size = { readonly rounds: number; readonly events: number }

export const hold = (place: Place, size: Size): Promise<Report> =>
  surviveAll(
    place,
    killPoints.filter((point) => point.startsWith('worker')),
    size,
  )

/** A worker that notes it first. */
export const control = (place: Place, events: number): Promise<Report> =>
  mustLose(place, 'control: worker that notes it first', events)
