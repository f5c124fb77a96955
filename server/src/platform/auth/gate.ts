import { Refusal } from '../../kernel/refusal.ts'
import { says } from '../platform.reasons.ts'

/** Lets so much work run at once, lets so much wait, and turns the rest away with `too_many_requests`. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>

export const createGate = (width: number, waiting: number): Gate => {
  let running = 0
  const queue: (() => void)[] = []
  const leave = (): void => {
    const next = queue.shift()
    // The place is handed over, not freed: nobody slips in between.
    if (next === undefined) running -= 1
    else next()
  }
  return async (work) => {
    if (running < width) running += 1
    else {
      if (queue.length >= waiting)
        throw new Refusal('too_many_requests', says('signIn.busy'), { 'retry-after': '2' })
      await new Promise<void>((resolve) => queue.push(resolve))
    }
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
