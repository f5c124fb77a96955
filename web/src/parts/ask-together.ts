type Waiting<Asked, Answer> = {
  readonly asked: Asked
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Long enough for all that one drawing of the page asks, too short to be seen. */
const gatherMilliseconds = 10

/**
 * Many questions of one kind with one request: what is asked within a moment travels together, and each asker gets their own answer. When
 * the request fails, it failed for all of them.
 */
export const askTogether = <Asked, Answer>(
  most: number,
  ask: (questions: Asked[]) => Promise<readonly Answer[]>,
): ((asked: Asked) => Promise<Answer>) => {
  let waiting: Waiting<Asked, Answer>[] = []
  const send = async (): Promise<void> => {
    const all = waiting
    waiting = []
    for (let at = 0; at < all.length; at += most) {
      const some = all.slice(at, at + most)
      try {
        const answers = await ask(some.map(({ asked }) => asked))
        for (const [index, answer] of answers.entries()) some[index]?.resolve(answer)
      } catch (error) {
        for (const { reject } of some) reject(error)
      }
    }
  }
  return (asked) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setTimeout(() => void send(), gatherMilliseconds)
      waiting.push({ asked, resolve, reject })
    })
}
