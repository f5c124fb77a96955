import type { Me } from '@evenkeel/contract/session'
import { Button } from '@mantine/core'
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import Fingerprint from 'lucide-react/icons/fingerprint-pattern'
import Smartphone from 'lucide-react/icons/smartphone'
import { useEffect, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Frame } from '../../parts/frame.tsx'
import { canUsePasskeys, createPasskey, isGivenUp, isThereAlready } from '../../parts/passkey.ts'
import { PasskeyProof, PasswordProof, ProofDialog, withProof } from '../../parts/proof.tsx'
import { sessionQuery } from '../../parts/session.ts'
import { RecoveryCodes, TotpSetUp, type Enrolment } from '../../parts/totp.tsx'
import { Fault } from '../../ui/fault.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { localPath } from './session.path.ts'
import classes from './second-factor.module.css'

const route = getRouteApi('/second-factor')

/** One step more between signing in and working, where a role asks for it: set a second factor up, or confirm with the one there is. */
export const SecondFactorPage = () => {
  const { to } = route.useSearch()
  const router = useRouter()
  const { data: me } = useSuspenseQuery(sessionQuery)
  // Shown once: nothing goes on before they are kept.
  const [codes, setCodes] = useState<readonly string[]>()
  const owes = me?.session?.owes ?? null
  const goesOn = owes === null && codes === undefined
  useEffect(() => {
    if (goesOn) router.history.replace(me === null ? '/sign-in' : localPath(to))
  }, [goesOn, me, router, to])
  usePageTitle(say('factor.title'))
  if (me === null || goesOn) return null
  if (codes !== undefined)
    return (
      <Frame title={say('totp.codesTitle')}>
        <div className={classes['box']}>
          <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />
        </div>
      </Frame>
    )
  return (
    <Frame title={owes === 'prove' ? say('factor.proveTitle') : say('factor.title')}>
      {owes === 'prove' ? <Prove me={me} /> : <SetUp me={me} onCodes={setCodes} />}
      <Away me={me} />
      <ProofDialog />
    </Frame>
  )
}

const useSessionAgain = (): (() => Promise<void>) => {
  const queries = useQueryClient()
  return async () => {
    await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
  }
}

const SetUp = ({
  me,
  onCodes,
}: {
  readonly me: Me
  readonly onCodes: (codes: readonly string[]) => void
}) => {
  const again = useSessionAgain()
  const [enrolment, setEnrolment] = useState<Enrolment>()
  const begin = useMutation({
    mutationFn: () => withProof(() => client.enrolTotp()),
    onSuccess: setEnrolment,
  })
  const addPasskey = useMutation({
    mutationFn: async () => {
      const { ceremony, options } = await withProof(() => client.passkeyRegistrationOptions())
      const credential = await createPasskey(options)
      await withProof(() =>
        client.registerPasskey({ body: { ceremony, name: say('passkey.suggested'), credential } }),
      )
    },
    onSuccess: again,
  })
  const [codesCount, passkeysCount] = (['totp', 'passkey'] as const).map((kind) =>
    me.rules.secondFactors.includes(kind),
  )
  if (enrolment !== undefined)
    return (
      <div className={classes['box']}>
        <TotpSetUp
          enrolment={enrolment}
          onBack={() => setEnrolment(undefined)}
          onDone={async (made) => {
            onCodes(made)
            await again()
          }}
        />
      </div>
    )
  return (
    <div className={classes['box']}>
      <p className={classes['text']}>{say('factor.text', { tenant: me.tenant.name })}</p>
      {codesCount === true && (
        <div className={classes['way']}>
          <Smartphone size={20} aria-hidden className={classes['icon']} />
          <div className={classes['words']}>
            <h2 className={classes['name']}>{say('factor.totp')}</h2>
            <p className={classes['quiet']}>{say('factor.totpText')}</p>
            <Button loading={begin.isPending} onClick={() => begin.mutate()}>
              {say('factor.totpBegin')}
            </Button>
            {begin.isError && <Fault error={begin.error} />}
          </div>
        </div>
      )}
      {passkeysCount === true && (
        <div className={classes['way']}>
          <Fingerprint size={20} aria-hidden className={classes['icon']} />
          <div className={classes['words']}>
            <h2 className={classes['name']}>{say('factor.passkey')}</h2>
            <p className={classes['quiet']}>
              {canUsePasskeys() ? say('factor.passkeyText') : say('passkey.notHere')}
            </p>
            {canUsePasskeys() && (
              <Button
                variant={codesCount === true ? 'default' : 'filled'}
                loading={addPasskey.isPending}
                onClick={() => addPasskey.mutate()}
              >
                {say('passkey.add')}
              </Button>
            )}
            {addPasskey.isError &&
              !isGivenUp(addPasskey.error) &&
              (isThereAlready(addPasskey.error) ? (
                <p role="alert" className={classes['quiet']}>
                  {say('passkey.thereAlready')}
                </p>
              ) : (
                <Fault error={addPasskey.error} />
              ))}
          </div>
        </div>
      )}
    </div>
  )
}

const Prove = ({ me }: { readonly me: Me }) => {
  const again = useSessionAgain()
  const { secondFactors } = me.rules
  const { hasPassword, hasTotp, passkeys } = me.credentials
  const passkey = secondFactors.includes('passkey') && passkeys > 0
  const totp = secondFactors.includes('totp') && hasTotp && hasPassword
  return (
    <div className={classes['box']}>
      <p className={classes['text']}>{say('factor.proveText', { tenant: me.tenant.name })}</p>
      {passkey && canUsePasskeys() && <PasskeyProof onProved={() => void again()} />}
      {passkey && !canUsePasskeys() && <p className={classes['quiet']}>{say('passkey.notHere')}</p>}
      {totp && <PasswordProof onProved={() => void again()} />}
      <p className={classes['quiet']}>{say('factor.lost')}</p>
    </div>
  )
}

/** The way out: nobody is held here. */
const Away = ({ me }: { readonly me: Me }) => {
  const acts = me.session?.actor != null
  const away = useMutation({
    mutationFn: async () => {
      if (acts) await client.stopActing()
      else await client.signOut()
    },
    onSuccess: () => window.location.assign(acts ? '/' : '/sign-in'),
  })
  return (
    <div className={classes['away']}>
      <span className={classes['quiet']}>
        {say('factor.signedInAs', { name: me.session?.actor?.name ?? me.person.name })}
      </span>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        loading={away.isPending}
        onClick={() => away.mutate()}
      >
        {acts ? say('acting.end') : say('account.signOut')}
      </Button>
      {away.isError && <Fault error={away.error} />}
    </div>
  )
}
