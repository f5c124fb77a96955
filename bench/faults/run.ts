/**
 * The faults at length: `node bench/faults/run.ts [F1 F2 …] [--rounds 20]`. Each runs at the durability the product has, in a directory of its own
 * that is removed, followed by its control: a worse design that has to be caught. One line of JSON each; exit code 1 when a fault leaves
 * its mark or a control goes unnoticed.
 */
import { parseArgs } from 'node:util'
import * as f01 from './f01-api-killed.ts'
import * as f02 from './f02-database-killed.ts'
import * as f03 from './f03-worker-killed.ts'
import * as f05 from './f05-repeated.ts'
import * as f06 from './f06-database-restarted.ts'
import * as f07 from './f07-database-unreachable.ts'
import * as f11 from './f11-poison-mail.ts'
import * as f13 from './f13-relay-killed.ts'
import * as f15 from './f15-mail-server.ts'
import * as f18 from './f18-contention.ts'
import type { Report } from './harness.ts'
import { openPlace, type Place } from './place.ts'

type Fault = {
  readonly title: string
  readonly hold: () => Promise<Report>
  readonly control?: () => Promise<Report>
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '20' } },
})
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError('--rounds is a whole number from 1')

const inOwnPlace = async (work: (place: Place) => Promise<Report>): Promise<Report> => {
  const place = await openPlace()
  try {
    return await work(place)
  } finally {
    await place.end()
  }
}

const faults: Readonly<Record<string, Fault>> = {
  F1: {
    title: f01.title,
    hold: () => inOwnPlace((place) => f01.hold(place, { rounds, writes: 500 })),
    control: () => inOwnPlace(f01.control),
  },
  F2: {
    title: f02.title,
    hold: () => f02.hold({ rounds, writes: 500 }),
    control: () => f02.control(Math.min(rounds, 3)),
  },
  F3: {
    title: f03.title,
    hold: () => inOwnPlace((place) => f03.hold(place, { rounds, events: 20 })),
    control: () => inOwnPlace((place) => f03.control(place, 20)),
  },
  F5: {
    title: f05.title,
    hold: () => inOwnPlace((place) => f05.hold(place, { rounds })),
    control: () => inOwnPlace(f05.control),
  },
  // Its control is part of it: the same log, read by a client that takes "sent" for "done".
  F6: { title: f06.title, hold: () => f06.hold({ rounds, writes: 500 }) },
  F7: { title: f07.title, hold: () => f07.hold({ outageMs: rounds * 3000 }), control: f07.control },
  F11: {
    title: f11.title,
    hold: () => inOwnPlace((place) => f11.hold(place, { rounds, events: 20 })),
    control: () => inOwnPlace(f11.control),
  },
  F13: {
    title: f13.title,
    hold: () => inOwnPlace((place) => f13.hold(place, { rounds, events: 50 })),
    control: () => inOwnPlace((place) => f13.control(place, 50)),
  },
  F15: {
    title: f15.title,
    hold: () => inOwnPlace((place) => f15.hold(place, { rounds, events: 50 })),
    control: () => inOwnPlace((place) => f15.control(place, 20)),
  },
  F18: {
    title: f18.title,
    hold: () => inOwnPlace((place) => f18.hold(place, { turns: rounds * 20 })),
    control: () => inOwnPlace(f18.control),
  },
}

const wanted = positionals.length > 0 ? positionals : Object.keys(faults)
for (const name of wanted) {
  const fault = faults[name]
  if (fault === undefined) throw new RangeError(`there is no ${name}: ${Object.keys(faults).join(', ')}`)
  console.log(`${name}  ${fault.title.slice(fault.title.indexOf(' ') + 1)}`)
  await attempt('holds', fault.hold)
  if (fault.control !== undefined) await attempt('control is caught', fault.control)
}

async function attempt(what: string, work: () => Promise<Report>): Promise<void> {
  try {
    console.log(`  ${what}: ${JSON.stringify(await work())}`)
  } catch (error) {
    process.exitCode = 1
    console.log(`  FAILED (${what}): ${error instanceof Error ? error.message : String(error)}`)
  }
}
