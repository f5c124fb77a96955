import { say } from '../../language/say.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import classes from './profile.module.css'
import { Passkeys } from './profile.passkeys.tsx'
import { Password } from './profile.password.tsx'
import { Totp } from './profile.totp.tsx'

/** How I sign in. */
export const SecurityPage = () => {
  usePageTitle(say('settings.security'))
  return (
    <div className={classes['page']}>
      <h1 className={classes['title']}>{say('settings.security')}</h1>
      <Passkeys />
      <Totp />
      <Password />
    </div>
  )
}
