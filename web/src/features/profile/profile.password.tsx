import { Button, PasswordInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Check from 'lucide-react/icons/check'
import { type FormEvent, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { withProof } from '../../parts/proof.tsx'
import { sessionQuery, useMe } from '../../parts/session.ts'
import { Fault } from '../../ui/fault.tsx'
import classes from './profile.module.css'

/** A new password; the current one is asked for whenever there is one. */
export const Password = () => {
  const { person, credentials, rules } = useMe()
  const queries = useQueryClient()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const change = useMutation({
    mutationFn: () =>
      withProof(() =>
        client.changePassword({ body: credentials.hasPassword ? { current, password } : { password } }),
      ),
    onSuccess: async () => {
      setCurrent('')
      setPassword('')
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    change.mutate()
  }
  const showPassword = { 'aria-label': say('signIn.showPassword') }
  return (
    <section className={classes['part']} aria-labelledby="password">
      <header className={classes['partHead']}>
        <h2 id="password" className={classes['partTitle']}>
          {say('password.title')}
        </h2>
        <p className={classes['about']}>
          {credentials.hasPassword ? say('password.changeHint') : say('password.none')}
        </p>
      </header>
      <form className={classes['narrow']} onSubmit={submit}>
        {/* For the browser's own store of passwords. */}
        <input type="hidden" name="username" autoComplete="username" value={person.email} readOnly />
        {credentials.hasPassword && (
          <PasswordInput
            label={say('password.current')}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            required
            withAsterisk={false}
            autoComplete="current-password"
            visibilityToggleButtonProps={showPassword}
          />
        )}
        <PasswordInput
          label={say('password.new')}
          description={say('password.newHint', { least: rules.shortestPassword })}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
          withAsterisk={false}
          minLength={rules.shortestPassword}
          autoComplete="new-password"
          visibilityToggleButtonProps={showPassword}
        />
        {change.isError && <Fault error={change.error} />}
        <div role="status" className={classes['status']}>
          {change.isSuccess && (
            <p className={classes['done']}>
              <Check size={16} aria-hidden />
              {say('password.changed')}
            </p>
          )}
        </div>
        <div className={classes['buttons']}>
          <Button type="submit" variant="default" loading={change.isPending}>
            {credentials.hasPassword ? say('password.change') : say('password.set')}
          </Button>
        </div>
      </form>
    </section>
  )
}
