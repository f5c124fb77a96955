import { isGerman, type Saying } from '../language/saying.ts'
import { german } from './messages.de.ts'
import { english, type Fault, type FaultCode, type Messages } from './messages.ts'

/** The words of this folder in a reader's language; English where there are none. */
export const messagesIn = (language: string): Messages => (isGerman(language) ? german : english)

/** A fault, said when it is known who reads it. */
export const faultSaying = <Code extends FaultCode>(fault: Fault<Code>): Saying => ({
  key: fault.code,
  in: (language) => faultIn(messagesIn(language), fault),
})

const faultIn = <Code extends FaultCode>({ faults }: Messages, { code, details }: Fault<Code>): string =>
  faults[code](details)
