import { Refused } from '@evenkeel/contract/client'
import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import CircleCheck from 'lucide-react/icons/circle-check'
import Unlink from 'lucide-react/icons/unlink'
import { type FormEvent, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Empty } from '../../ui/empty.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Frame } from '../../parts/frame.tsx'
import { SignInFault } from './session.fault.tsx'
import classes from './sign-in.module.css'

/** The links of two mails: the invitation, and the new password. */
export const InvitationPage = () => <ChoosePassword purpose="invitation" />
export const ResetPage = () => <ChoosePassword purpose="reset" />

type Purpose = 'invitation' | 'reset'

const isGone = (error: unknown): boolean => error instanceof Refused && error.body.code === 'link_gone'

const ChoosePassword = ({ purpose }: { readonly purpose: Purpose }) => {
  const title = say(`link.${purpose}Title`)
  usePageTitle(title)
  // Behind the #, which browsers send to nobody.
  const [token] = useState(() => window.location.hash.slice(1))
  const [password, setPassword] = useState('')
  const accept = useMutation({
    mutationFn: () => {
      const body = { token, password }
      return purpose === 'invitation' ? client.acceptInvitation({ body }) : client.acceptReset({ body })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    accept.mutate()
  }
  if (token === '' || isGone(accept.error)) return <Gone purpose={purpose} />
  if (accept.data !== undefined) {
    const { tenant, email } = accept.data
    return (
      <Frame title={title}>
        <div role="status">
          <Empty
            icon={<CircleCheck size={24} aria-hidden />}
            title={say('link.done')}
            action={
              <Button
                renderRoot={(props) => <Link to="/sign-in" search={{ tenant: tenant.slug }} {...props} />}
              >
                {say('link.asUsual')}
              </Button>
            }
          >
            {say('link.doneText', { tenant: tenant.name, email })}
          </Empty>
        </div>
      </Frame>
    )
  }
  return (
    <Frame title={title}>
      <form onSubmit={submit} className={classes['form']}>
        <p className={classes['text']}>{say(`link.${purpose}Text`)}</p>
        <PasswordInput
          label={say('password.new')}
          description={say('password.linkHint')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
          withAsterisk={false}
          minLength={12}
          autoFocus
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': say('signIn.showPassword') }}
        />
        {accept.isError && <SignInFault error={accept.error} />}
        <Button type="submit" fullWidth loading={accept.isPending}>
          {say('link.choose')}
        </Button>
      </form>
    </Frame>
  )
}

const Gone = ({ purpose }: { readonly purpose: Purpose }) => (
  <Frame title={say(`link.${purpose}Title`)}>
    <div role="alert">
      <Empty
        icon={<Unlink size={24} aria-hidden />}
        title={say('link.goneTitle')}
        action={
          purpose === 'reset' ? (
            <Button variant="default" renderRoot={(props) => <Link to="/forgotten" {...props} />}>
              {say('link.newLink')}
            </Button>
          ) : (
            <Button variant="default" renderRoot={(props) => <Link to="/sign-in" {...props} />}>
              {say('link.asUsual')}
            </Button>
          )
        }
      >
        {purpose === 'reset' ? say('link.goneReset') : say('link.goneInvitation')}
      </Empty>
    </div>
  </Frame>
)
