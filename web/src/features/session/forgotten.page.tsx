import { Anchor, Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import MailCheck from 'lucide-react/icons/mail-check'
import { type FormEvent, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Empty } from '../../ui/empty.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Frame } from '../../parts/frame.tsx'
import { SignInFault } from './session.fault.tsx'
import classes from './sign-in.module.css'

const route = getRouteApi('/forgotten')

/** Asks for a link to set a new password. The answer is the same whether there is such an account or not, and so is this page. */
export const ForgottenPage = () => {
  usePageTitle(say('forgot.title'))
  const { tenant: asked } = route.useSearch()
  const options = useQuery({
    queryKey: ['sign-in-options', asked],
    queryFn: () => client.signInOptions({ query: asked === undefined ? {} : { tenant: asked } }),
  })
  const fixed = options.data?.tenant ?? null
  const [tenant, setTenant] = useState(asked ?? '')
  const [email, setEmail] = useState('')
  const ask = useMutation({
    mutationFn: () => {
      const slug = (fixed?.slug ?? tenant).trim().toLowerCase()
      return client.requestReset({ body: { email: email.trim(), ...(slug === '' ? {} : { tenant: slug }) } })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    ask.mutate()
  }
  const back = (
    <Anchor
      size="sm"
      renderRoot={(props) => (
        <Link to="/sign-in" search={asked === undefined ? {} : { tenant: asked }} {...props} />
      )}
    >
      {say('forgot.back')}
    </Anchor>
  )
  return (
    <Frame title={say('forgot.title')}>
      {ask.isSuccess ? (
        <div role="status">
          <Empty icon={<MailCheck size={24} aria-hidden />} title={say('forgot.sent')} action={back}>
            {say('forgot.sentText', { email: email.trim() })}
          </Empty>
        </div>
      ) : (
        <form onSubmit={submit} className={classes['form']}>
          <p className={classes['text']}>{say('forgot.askText')}</p>
          {options.isSuccess && fixed === null && (
            <TextInput
              label={say('signIn.tenant')}
              description={say('signIn.tenantHint')}
              value={tenant}
              onChange={(event) => setTenant(event.currentTarget.value)}
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
          {ask.isError && <SignInFault error={ask.error} />}
          <Button type="submit" fullWidth loading={ask.isPending}>
            {say('forgot.submit')}
          </Button>
          <div className={classes['below']}>{back}</div>
        </form>
      )}
    </Frame>
  )
}
