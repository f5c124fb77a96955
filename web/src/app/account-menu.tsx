import { Menu, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Keyboard from 'lucide-react/icons/keyboard'
import LogOut from 'lucide-react/icons/log-out'
import { say } from '../language/say.ts'
import { client } from '../parts/api.ts'
import { Initials } from '../parts/person.tsx'
import { sessionQuery, useMe } from '../parts/session.ts'
import { densities, setDensity, useDensity } from '../ui/density.ts'
import { countDrafts, forgetDrafts } from '../ui/draft.ts'
import classes from './account-menu.module.css'

const schemes = ['auto', 'light', 'dark'] as const

export const AccountMenu = ({ onKeys }: { readonly onKeys: () => void }) => {
  const me = useMe()
  const queries = useQueryClient()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const density = useDensity()
  const signOut = useMutation({
    mutationFn: () => client.signOut(),
    onSuccess: () => {
      forgetDrafts()
      queries.clear()
      queries.setQueryData(sessionQuery.queryKey, null)
    },
  })
  const drafts = countDrafts()
  return (
    <Menu width={264} position="bottom-end">
      <Menu.Target>
        <button
          type="button"
          className={classes['target']}
          aria-label={say('account.open', { name: me.person.name })}
        >
          <Initials name={me.person.name} size={28} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes['who']}>
          <span className={classes['name']}>{me.person.name}</span>
          <span className={classes['detail']}>{me.person.email}</span>
          <span className={classes['detail']}>{me.roles.map((role) => role.name).join(', ')}</span>
        </div>
        <Menu.Divider />
        <div className={classes['setting']}>
          <span className={classes['label']}>{say('account.scheme')}</span>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label={say('account.scheme')}
            value={colorScheme}
            onChange={(value) => setColorScheme(schemes.find((scheme) => scheme === value) ?? 'auto')}
            data={schemes.map((value) => ({ value, label: say(`account.scheme.${value}`) }))}
          />
          <span className={classes['label']}>{say('account.density')}</span>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label={say('account.density')}
            value={density}
            onChange={(value) => setDensity(densities.find((one) => one === value) ?? 'compact')}
            data={densities.map((value) => ({ value, label: say(`account.density.${value}`) }))}
          />
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<Keyboard size={16} aria-hidden />}
          onClick={onKeys}
          rightSection={<kbd className={classes['key']}>?</kbd>}
        >
          {say('keys.title')}
        </Menu.Item>
        <Menu.Item leftSection={<LogOut size={16} aria-hidden />} onClick={() => signOut.mutate()}>
          {say('account.signOut')}
          {drafts > 0 && (
            <span className={classes['warning']}>{say('account.dropsDrafts', { count: drafts })}</span>
          )}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
