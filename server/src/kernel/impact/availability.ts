/**
 * How likely it is that at least `need` of some things work at the same moment, when each works with its own probability and none fails
 * because another one does: the upper tail of the Poisson-binomial distribution, summed exactly.
 * @throws RangeError for a probability that is none
 */
export const atLeast = (need: number, probabilities: readonly number[]): number => {
  // How likely exactly so many of those seen so far work.
  let exactly = [1]
  for (const works of probabilities) {
    if (!(works >= 0 && works <= 1)) throw new RangeError(`${works} is no probability.`)
    exactly = Array.from(
      { length: exactly.length + 1 },
      (_, count) => (exactly[count] ?? 0) * (1 - works) + (exactly[count - 1] ?? 0) * works,
    )
  }
  // From the small end on, so that what is nearly certain loses nothing to rounding.
  const tail = exactly.slice(Math.max(need, 0)).reduce((sum, one) => sum + one, 0)
  return Math.min(1, tail)
}
