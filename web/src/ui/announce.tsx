import { useEffect, useRef, useState } from 'react'

type Said = { readonly id: number; readonly text: string }

/** Long enough to be read out; what is old would be met by whoever reads the page to its end. */
const keptMilliseconds = 10_000

let last = 0
let speak: (said: Said) => void = () => undefined

/** Says to whoever does not see it that something happened, where nothing else on the page says so (WCAG 2.2, 4.1.3). */
export const announce = (text: string): void => {
  last += 1
  speak({ id: last, text })
}

/** Says a text of a thing whenever it becomes another one; not when the thing is first there, nor when another thing takes its place. */
export const useSpoken = (thing: string, text: string | undefined): void => {
  const before = useRef<{ readonly thing: string; readonly text: string }>(undefined)
  useEffect(() => {
    if (text === undefined) return
    const { current } = before
    if (current?.thing === thing && current.text !== text) announce(text)
    before.current = { thing, text }
  }, [thing, text])
}

/** Says once what came of another question, as soon as it is known; later changes of the answer are not said, nor is the first answer. */
export const useSpokenAnswer = (question: string, answer: string | undefined): void => {
  const answered = useRef<string>(undefined)
  useEffect(() => {
    if (answer === undefined) return
    if (answered.current !== undefined && answered.current !== question) announce(answer)
    answered.current = question
  }, [question, answer])
}

/** Where it is said; stands once, in the shell. */
export const Announcer = () => {
  const [all, setAll] = useState<readonly Said[]>([])
  useEffect(() => {
    speak = (said) => {
      setAll((before) => [...before, said])
      setTimeout(() => setAll((before) => before.filter(({ id }) => id !== said.id)), keptMilliseconds)
    }
    return () => {
      speak = () => undefined
    }
  }, [])
  return (
    <div aria-live="polite" className="visually-hidden">
      {all.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  )
}
