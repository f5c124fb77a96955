import { Popover } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Keyboard from 'lucide-react/icons/keyboard'
import LogOut from 'lucide-react/icons/log-out'
import Settings from 'lucide-react/icons/settings'
import { useState } from 'react'
import { say } from '../language/say.ts'
import { client } from '../parts/api.ts'
import { Appearance } from '../parts/appearance.tsx'
import { Initials } from '../parts/person.tsx'
import { keptFor, unsentScans } from '../parts/kept-mark.ts'
import { forgetRecent } from '../parts/recent.ts'
import { useMe } from '../parts/session.ts'
import { countDrafts, forgetDrafts } from '../ui/draft.ts'
import { faultSentence } from '../ui/fault.tsx'
import classes from './account-menu.module.css'

/** Who is signed in, how this browser shows things to them, and the way out. */
export const AccountMenu = ({ onKeys }: { readonly onKeys: () => void }) => {
  const me = useMe()
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} width={264} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={classes['target']} onClick={() => setOpened(!opened)}>
          <Initials name={me.person.name} size={28} />
          <span className="visually-hidden">{say('account.open', { name: me.person.name })}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown p={4}>
        <div className={classes['who']}>
          <span className={classes['name']}>{me.person.name}</span>
          <span className={classes['detail']}>{me.person.email}</span>
          <span className={classes['detail']}>{me.roles.map((role) => role.name).join(', ')}</span>
        </div>
        <div className={classes['setting']}>
          <Appearance />
        </div>
        <div className={classes['items']}>
          <Link to="/settings" className={classes['item'] ?? ''} onClick={() => setOpened(false)}>
            <Settings size={16} aria-hidden />
            {say('settings.title')}
          </Link>
          <button
            type="button"
            className={classes['item']}
            onClick={() => {
              setOpened(false)
              onKeys()
            }}
          >
            <Keyboard size={16} aria-hidden />
            {say('keys.title')}
            <kbd className={classes['key']}>?</kbd>
          </button>
          <SignOut />
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

/** Drafts of a shared browser are not the next person's to read: they go with their writer, who is told before. */
const SignOut = () => {
  const drafts = countDrafts()
  const scans = unsentScans(useMe().person.id)
  const signOut = useMutation({
    mutationFn: () => client.signOut(),
    onSuccess: async () => {
      forgetDrafts()
      forgetRecent()
      // What cannot be removed is removed before the next person sees it.
      if (keptFor() !== null) await (await import('../parts/kept.ts')).leaveDevice().catch(() => undefined)
      // A new page: nothing that this person saw stays in its memory.
      window.location.assign('/sign-in')
    },
  })
  return (
    <>
      <button
        type="button"
        className={classes['item']}
        disabled={signOut.isPending}
        onClick={() => signOut.mutate()}
      >
        <LogOut size={16} aria-hidden />
        <span>
          {say('account.signOut')}
          {drafts > 0 && (
            <span className={classes['warning']}>{say('account.dropsDrafts', { count: drafts })}</span>
          )}
          {scans > 0 && (
            <span className={classes['warning']}>{say('audit.unsentStay', { count: scans })}</span>
          )}
        </span>
      </button>
      {signOut.isError && (
        <p role="alert" className={classes['fault']}>
          {faultSentence(signOut.error)}
        </p>
      )}
    </>
  )
}
