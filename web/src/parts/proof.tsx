import { Refused } from '@evenkeel/contract/client'
import { Anchor, Button, Modal, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import Fingerprint from 'lucide-react/icons/fingerprint-pattern'
import { type FormEvent, useState, useSyncExternalStore } from 'react'
import { say } from '../language/say.ts'
import { Fault } from '../ui/fault.tsx'
import { client } from './api.ts'
import { answerWithPasskey, canUsePasskeys, isGivenUp } from './passkey.ts'
import classes from './proof.module.css'
import { useMe } from './session.ts'

/** Somebody waits for the proof; `settle(false)` when the person would rather not. */
type Asking = { readonly settle: (proved: boolean) => void }

let asking: readonly Asking[] = []
const listeners = new Set<() => void>()
const setAsking = (next: readonly Asking[]): void => {
  asking = next
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
const current = (): readonly Asking[] => asking

const askForProof = (): Promise<boolean> =>
  new Promise((resolve) => {
    setAsking([...asking, { settle: resolve }])
  })

const settleAll = (proved: boolean): void => {
  const waiting = asking
  setAsking([])
  for (const { settle } of waiting) settle(proved)
}

/**
 * Runs what needs a recent sign-in (`recentSignIn` in the contract): `mutationFn: () => withProof(() => client.giveRole(…))`. When the server
 * asks who it is, one dialog does, and the call runs again after the proof. Whoever closes the dialog gets the server's refusal.
 */
export const withProof = async <T,>(run: () => Promise<T>): Promise<T> => {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof Refused) || error.body.code !== 'recent_sign_in_needed') throw error
    if (!(await askForProof())) throw error
    return run()
  }
}

/** Stands once in the shell; opens whenever `withProof` has to ask. */
export const ProofDialog = () => {
  const opened = useSyncExternalStore(subscribe, current).length > 0
  return (
    <Modal
      opened={opened}
      onClose={() => settleAll(false)}
      title={say('proof.title')}
      size="sm"
      closeButtonProps={{ 'aria-label': say('dialog.close') }}
      // Above the dialog that asked for it.
      zIndex={400}
    >
      {opened && <Ways />}
    </Modal>
  )
}

const Ways = () => {
  const { hasPassword, passkeys } = useMe().credentials
  const withPasskey = passkeys > 0 && canUsePasskeys()
  return (
    <div className={classes['ways']}>
      <p className={classes['text']}>{say('proof.text')}</p>
      {withPasskey && <PasskeyProof onProved={() => settleAll(true)} />}
      {withPasskey && hasPassword && <p className={classes['or']}>{say('proof.or')}</p>}
      {hasPassword && <PasswordProof onProved={() => settleAll(true)} />}
      {!withPasskey && !hasPassword && <NoWay />}
    </div>
  )
}

export const PasskeyProof = ({ onProved }: { readonly onProved: () => void }) => {
  const confirm = useMutation({
    mutationFn: async () => {
      const { ceremony, options } = await client.confirmMePasskeyOptions()
      await client.confirmMeWithPasskey({
        body: { ceremony, credential: await answerWithPasskey(options) },
      })
    },
    onSuccess: onProved,
  })
  return (
    <>
      <Button
        variant="default"
        fullWidth
        leftSection={<Fingerprint size={16} aria-hidden />}
        loading={confirm.isPending}
        onClick={() => confirm.mutate()}
        data-autofocus
      >
        {say('proof.passkey')}
      </Button>
      {confirm.isError && !isGivenUp(confirm.error) && <Fault error={confirm.error} />}
    </>
  )
}

export const PasswordProof = ({ onProved }: { readonly onProved: () => void }) => {
  const { hasTotp } = useMe().credentials
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [kind, setKind] = useState<'totp' | 'recoveryCode'>('totp')
  const confirm = useMutation({
    mutationFn: () =>
      client.confirmMe({
        body: { password, ...(hasTotp ? { [kind]: code.trim() } : {}) },
      }),
    onSuccess: onProved,
    onError: () => setCode(''),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    confirm.mutate()
  }
  return (
    <form className={classes['ways']} onSubmit={submit}>
      <PasswordInput
        label={say('signIn.password')}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        required
        withAsterisk={false}
        autoComplete="current-password"
        data-autofocus
        visibilityToggleButtonProps={{ 'aria-label': say('signIn.showPassword') }}
      />
      {hasTotp && (
        <div>
          <TextInput
            label={kind === 'totp' ? say('proof.totp') : say('signIn.recovery')}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            required
            withAsterisk={false}
            autoComplete={kind === 'totp' ? 'one-time-code' : 'off'}
            {...(kind === 'totp' ? { inputMode: 'numeric', pattern: '\\d{6}', maxLength: 6 } : {})}
          />
          <Anchor
            component="button"
            type="button"
            size="xs"
            onClick={() => {
              setCode('')
              setKind(kind === 'totp' ? 'recoveryCode' : 'totp')
            }}
          >
            {kind === 'totp' ? say('signIn.useRecovery') : say('signIn.useTotp')}
          </Anchor>
        </div>
      )}
      {confirm.isError && <Fault error={confirm.error} />}
      <Button type="submit" fullWidth loading={confirm.isPending}>
        {say('proof.submit')}
      </Button>
    </form>
  )
}

/** People of a demo enter with one click and have nothing to prove themselves with. */
const NoWay = () => <p className={classes['text']}>{say('proof.noWay')}</p>
