import { Refused } from '@evenkeel/contract/client'
import { say } from '../../language/say.ts'
import { Fault } from '../../ui/fault.tsx'

/** Why a sign-in did not work, and what helps. */
export const SignInFault = ({ error }: { readonly error: unknown }) => {
  const help = helpFor(error)
  return <Fault error={error} {...(help === undefined ? {} : { kept: help })} />
}

const helpFor = (error: unknown): string | undefined => {
  if (!(error instanceof Refused)) return undefined
  const { code } = error.body
  if (code === 'wrong_credentials') return say('signIn.wrongHint')
  if (error.retryAfterSeconds === undefined) return undefined
  const minutes = Math.max(1, Math.ceil(error.retryAfterSeconds / 60))
  return code === 'locked' ? say('signIn.lockedFor', { minutes }) : say('signIn.waitFor', { minutes })
}
