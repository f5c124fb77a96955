import { lazyRouteComponent } from '@tanstack/react-router'
import { useMe, usesPortal } from '../../parts/session.ts'

const HomePage = lazyRouteComponent(() => import('./home.page.tsx'), 'HomePage')
const PortalPage = lazyRouteComponent(() => import('../portal/portal.page.tsx'), 'PortalPage')

/** Fetches what is drawn, so that it is drawn in one go. */
export const preloadLanding = async (portal: boolean): Promise<void> =>
  (portal ? PortalPage : HomePage).preload?.()

/** The first page is another one for who works here and for who asks for help; nobody loads the other's. */
export const Landing = () => (usesPortal(useMe()) ? <PortalPage /> : <HomePage />)
