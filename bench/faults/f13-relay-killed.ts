import { killPoints } from '../../server/test/mail-faults.ts'
import type { Report } from './harness.ts'
import { mustLose, surviveAll } from './mail.ts'
import type { Place } from './place.ts'

export const title = 'F13: kill -9 at each of six points between the entry and its mail'

type Size = { readonly rounds: number; readonly events: number }

export const hold = (place: Place, size: Size): Promise<Report> =>
  surviveAll(
    place,
    killPoints.filter((point) => !point.startsWith('control')),
    size,
  )

/** A relay whose place moves before its work is done. */
export const control = (place: Place, events: number): Promise<Report> =>
  mustLose(place, 'control: relay that moves on first', events)
