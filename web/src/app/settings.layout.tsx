import { Outlet } from '@tanstack/react-router'
import { say } from '../language/say.ts'
import { settingsPlaces } from './settings-places.ts'
import { SideList } from './side-list.tsx'

/** Around every page of one's own settings. */
export const SettingsLayout = () => (
  <SideList label={say('settings.title')} exact="/settings" groups={[{ entries: settingsPlaces }]}>
    <Outlet />
  </SideList>
)
