import { Link, Outlet } from '@tanstack/react-router'
import LayoutGrid from 'lucide-react/icons/layout-grid'
import Lock from 'lucide-react/icons/lock'
import type { Me } from '@evenkeel/contract/session'
import { say } from '../language/say.ts'
import { useMe } from '../parts/session.ts'
import { Empty } from '../ui/empty.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { type AdminPlace, adminPlaces, type AdminSection, adminSections } from './admin-places.ts'
import classes from './admin.module.css'
import { SideList } from './side-list.tsx'

const sectionsFor = (
  me: Me,
): readonly { readonly section: AdminSection; readonly entries: readonly AdminPlace[] }[] =>
  adminSections
    .map((section) => ({
      section,
      entries: adminPlaces.filter((place) => place.section === section && place.may(me)),
    }))
    .filter(({ entries }) => entries.length > 0)

/** Around every page of administration: the list of those that this person may open. */
export const AdminLayout = () => {
  const sections = sectionsFor(useMe())
  if (sections.length === 0)
    return (
      <Empty icon={<Lock size={24} aria-hidden />} title={say('admin.none')}>
        {say('admin.noneText')}
      </Empty>
    )
  return (
    <SideList
      label={say('admin.title')}
      exact="/admin"
      groups={[
        { entries: [{ to: '/admin', text: () => say('admin.overview'), icon: LayoutGrid }] },
        ...sections.map(({ section, entries }) => ({ title: say(`admin.section.${section}`), entries })),
      ]}
    >
      <Outlet />
    </SideList>
  )
}

/** What can be set here, in sentences. */
export const AdminPage = () => {
  usePageTitle(say('admin.title'))
  return (
    <div className={classes['page']}>
      <h1 className={classes['heading']}>{say('admin.title')}</h1>
      {sectionsFor(useMe()).map(({ section, entries }) => (
        <section key={section} aria-label={say(`admin.section.${section}`)}>
          <h2 className={classes['section']}>{say(`admin.section.${section}`)}</h2>
          <ul className={classes['cards']}>
            {entries.map(({ to, text, about, icon: Icon }) => (
              <li key={to}>
                <Link to={to} className={classes['card'] ?? ''}>
                  <Icon size={18} aria-hidden />
                  <span className={classes['words']}>
                    <span className={classes['name']}>{text()}</span>
                    <span className={classes['about']}>{about()}</span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
