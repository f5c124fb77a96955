import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

const stepMilliseconds = 5

/**
 * Waits until a whole number of steps of 5 ms has passed since `began` (by `performance.now()`). What is hidden takes a little longer to not
 * be found than what is not there; answered on a step, both take the same.
 */
export const evenTime = async (began: number): Promise<void> => {
  const passed = performance.now() - began
  const until = began + Math.ceil(passed / stepMilliseconds) * stepMilliseconds
  // A timer is a millisecond coarse, which is as much as what it has to cover.
  const whole = Math.floor(until - performance.now()) - 1
  if (whole > 0) await sleep(whole)
  while (performance.now() < until) await nextTurn()
}
