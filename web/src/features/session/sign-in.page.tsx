import type { SignInOptions } from '@evenkeel/contract/session'
import { Anchor, Button, Loader, PasswordInput, PinInput, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, Navigate, useNavigate, useRouter } from '@tanstack/react-router'
import { Refused } from '@evenkeel/contract/client'
import Fingerprint from 'lucide-react/icons/fingerprint-pattern'
import ShieldCheck from 'lucide-react/icons/shield-check'
import { type FormEvent, useId, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Initials } from '../../parts/person.tsx'
import { answerWithPasskey, canUsePasskeys, isGivenUp } from '../../parts/passkey.ts'
import { sessionQuery } from '../../parts/session.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { SignInFault } from './session.fault.tsx'
import { localPath } from './session.path.ts'
import { Frame } from '../../parts/frame.tsx'
import classes from './sign-in.module.css'

const route = getRouteApi('/sign-in')

/** Few enough to say so. */
const fewCodes = 3

export const SignInPage = () => {
  usePageTitle(say('signIn.submit'))
  const { tenant, to } = route.useSearch()
  const { data: me } = useQuery(sessionQuery)
  const options = useQuery({
    queryKey: ['sign-in-options', tenant],
    queryFn: () => client.signInOptions({ query: tenant === undefined ? {} : { tenant } }),
  })
  const queries = useQueryClient()
  const router = useRouter()
  const enter = async (): Promise<void> => {
    await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
    router.history.push(localPath(to))
  }
  if (me !== undefined && me !== null) return <Navigate to={localPath(to)} replace />
  return (
    <Frame
      title={
        options.data?.tenant == null
          ? say('signIn.title')
          : say('signIn.titleAt', { tenant: options.data.tenant.name })
      }
    >
      {options.isPending && (
        <div className={classes['waiting']}>
          <Loader aria-label={say('list.loading')} />
        </div>
      )}
      {options.isError && <FaultPage error={options.error} onRetry={() => void options.refetch()} />}
      {options.isSuccess && <Ways options={options.data} onEnter={enter} />}
    </Frame>
  )
}

const Ways = ({
  options,
  onEnter,
}: {
  readonly options: SignInOptions
  readonly onEnter: () => Promise<void>
}) => (
  <>
    <PasswordForm key={options.tenant?.slug} options={options} onEnter={onEnter} />
    {options.demo.length > 0 && <DemoPeople demo={options.demo} onEnter={onEnter} />}
  </>
)

const PasswordForm = ({
  options,
  onEnter,
}: {
  readonly options: SignInOptions
  readonly onEnter: () => Promise<void>
}) => {
  const { tenant: asked } = route.useSearch()
  const navigate = useNavigate()
  const [tenant, setTenant] = useState(options.tenant?.slug ?? asked ?? '')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [step, setStep] = useState<'password' | 'totp' | 'recovery'>('password')
  const [code, setCode] = useState('')
  const [tenantMissing, setTenantMissing] = useState(false)
  const fixed = options.tenant !== null
  const signIn = useMutation({
    mutationFn: (factor: { totp?: string; recoveryCode?: string }) =>
      client.signIn({
        body: {
          ...(tenant === '' ? {} : { tenant: tenant.trim().toLowerCase() }),
          email,
          password,
          ...factor,
        },
      }),
    onSuccess: async ({ recoveryCodesLeft }, factor) => {
      await onEnter()
      if (factor.recoveryCode !== undefined && recoveryCodesLeft !== null && recoveryCodesLeft <= fewCodes)
        notifications.show({
          message: say('signIn.codesLow', { count: recoveryCodesLeft }),
          autoClose: false,
        })
    },
    onError: (error) => {
      if (error instanceof Refused && error.body.code === 'second_factor_needed' && step === 'password')
        setStep('totp')
      else setCode('')
    },
  })
  const firstAsked =
    signIn.error instanceof Refused &&
    signIn.error.body.code === 'second_factor_needed' &&
    signIn.variables?.totp === undefined
  const shownError = signIn.isError && !firstAsked ? signIn.error : undefined
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (step === 'totp') signIn.mutate({ totp: code })
    else signIn.mutate(step === 'recovery' ? { recoveryCode: code } : {})
  }
  return (
    <form onSubmit={submit} className={classes['form']}>
      {step === 'password' ? (
        <>
          {!fixed && (
            <TextInput
              label={say('signIn.tenant')}
              description={say('signIn.tenantHint')}
              value={tenant}
              onChange={(event) => {
                setTenant(event.currentTarget.value)
                setTenantMissing(false)
              }}
              error={tenantMissing && say('signIn.tenantFirst')}
              required
              withAsterisk={false}
              autoComplete="organization"
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
          <TextInput
            label={say('signIn.email')}
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            required
            withAsterisk={false}
            autoComplete="username"
          />
          <PasswordInput
            label={say('signIn.password')}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            required
            withAsterisk={false}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': say('signIn.showPassword') }}
          />
        </>
      ) : (
        <SecondFactor
          kind={step}
          code={code}
          onCode={setCode}
          onComplete={(totp) => signIn.mutate({ totp })}
          onOther={() => {
            setCode('')
            setStep(step === 'totp' ? 'recovery' : 'totp')
          }}
        />
      )}
      {shownError !== undefined && <SignInFault error={shownError} />}
      <Button type="submit" fullWidth loading={signIn.isPending}>
        {say('signIn.submit')}
      </Button>
      {step !== 'password' && (
        <Button
          variant="subtle"
          color="gray"
          fullWidth
          onClick={() => {
            setStep('password')
            signIn.reset()
          }}
        >
          {say('signIn.back')}
        </Button>
      )}
      {step === 'password' && options.ways.includes('passkey') && canUsePasskeys() && (
        <PasskeyWay
          tenant={fixed ? (options.tenant?.slug ?? '') : tenant.trim().toLowerCase()}
          onTenantMissing={() => setTenantMissing(true)}
          onEnter={onEnter}
        />
      )}
      <div className={classes['links']}>
        {step === 'password' && (
          <Anchor
            size="xs"
            renderRoot={(props) => (
              <Link to="/forgotten" search={asked === undefined ? {} : { tenant: asked }} {...props} />
            )}
          >
            {say('signIn.forgot')}
          </Anchor>
        )}
        {fixed && asked !== undefined && (
          <Anchor
            component="button"
            type="button"
            size="xs"
            onClick={() => void navigate({ to: '/sign-in', search: {} })}
          >
            {say('signIn.elsewhere')}
          </Anchor>
        )}
      </div>
    </form>
  )
}

/** Nothing to type but where, and that only on an instance of several organizations. */
const PasskeyWay = ({
  tenant,
  onTenantMissing,
  onEnter,
}: {
  readonly tenant: string
  readonly onTenantMissing: () => void
  readonly onEnter: () => Promise<void>
}) => {
  const signIn = useMutation({
    mutationFn: async () => {
      const { ceremony, options } = await client.passkeySignInOptions({ body: { tenant } })
      await client.passkeySignIn({
        body: { tenant, ceremony, credential: await answerWithPasskey(options) },
      })
    },
    onSuccess: onEnter,
  })
  return (
    <>
      <Button
        variant="default"
        fullWidth
        leftSection={<Fingerprint size={16} aria-hidden />}
        loading={signIn.isPending}
        onClick={() => {
          if (tenant === '') onTenantMissing()
          else signIn.mutate()
        }}
      >
        {say('signIn.passkey')}
      </Button>
      {signIn.isError && !isGivenUp(signIn.error) && <SignInFault error={signIn.error} />}
    </>
  )
}

const SecondFactor = ({
  kind,
  code,
  onCode,
  onComplete,
  onOther,
}: {
  readonly kind: 'totp' | 'recovery'
  readonly code: string
  readonly onCode: (code: string) => void
  readonly onComplete: (code: string) => void
  readonly onOther: () => void
}) => {
  const label = useId()
  return (
    <div className={classes['factor']}>
      <ShieldCheck size={24} aria-hidden className={classes['shield']} />
      {kind === 'totp' ? (
        <>
          <p id={label} className={classes['factorText']}>
            {say('signIn.totp')}
          </p>
          <PinInput
            length={6}
            type="number"
            oneTimeCode
            autoFocus
            value={code}
            onChange={onCode}
            onComplete={onComplete}
            placeholder=""
            aria-labelledby={label}
            getInputProps={(index) => ({ 'aria-label': say('signIn.digit', { number: index + 1 }) })}
          />
        </>
      ) : (
        <TextInput
          label={say('signIn.recovery')}
          value={code}
          onChange={(event) => onCode(event.currentTarget.value)}
          autoFocus
          required
          withAsterisk={false}
          autoComplete="off"
          w="100%"
        />
      )}
      <Anchor component="button" type="button" size="sm" onClick={onOther}>
        {kind === 'totp' ? say('signIn.useRecovery') : say('signIn.useTotp')}
      </Anchor>
    </div>
  )
}

const DemoPeople = ({
  demo,
  onEnter,
}: {
  readonly demo: SignInOptions['demo']
  readonly onEnter: () => Promise<void>
}) => {
  const signIn = useMutation({
    mutationFn: (body: { personId: string; tenant: string }) => client.demoSignIn({ body }),
    onSuccess: onEnter,
  })
  return (
    <section className={classes['demo']} aria-label={say('signIn.demo')}>
      <p className={classes['or']}>{say('signIn.demo')}</p>
      {signIn.isError && <Fault error={signIn.error} />}
      {demo.map(({ tenant, people }) => (
        <div key={tenant.slug} className={classes['demoTenant']}>
          <h2 className={classes['demoName']}>{tenant.name}</h2>
          <ul className={classes['people']}>
            {people.map((person) => (
              <li key={person.id}>
                <button
                  type="button"
                  className={classes['person']}
                  disabled={signIn.isPending}
                  onClick={() => signIn.mutate({ personId: person.id, tenant: tenant.slug })}
                >
                  <Initials name={person.name} size={28} />
                  <span className={classes['personText']}>
                    <span className={classes['personName']}>{person.name}</span>
                    <span className={classes['personTitle']}>
                      {person.title === '' ? person.roles.join(', ') : person.title}
                    </span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  )
}
