import { ActionIcon, Button, Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useRouter } from '@tanstack/react-router'
import CloudOff from 'lucide-react/icons/cloud-off'
import Menu from 'lucide-react/icons/menu'
import PanelLeft from 'lucide-react/icons/panel-left'
import Plus from 'lucide-react/icons/plus'
import { useEffect } from 'react'
import { say } from '../language/say.ts'
import { startLive, useLiveMessages, useLiveState } from '../parts/live.ts'
import { ActingBanner } from '../features/people/people.acting-banner.tsx'
import { keptFor, unsentScans } from '../parts/kept-mark.ts'
import { IdleWarning } from '../parts/idle-warning.tsx'
import { ProofDialog } from '../parts/proof.tsx'
import { mayAtAll, seesOnlyOwn, sessionQuery, useMe } from '../parts/session.ts'
import { AfterPaint } from '../ui/after-paint.tsx'
import { Announcer } from '../ui/announce.tsx'
import { listenForKeys, useKeys } from '../ui/keys.ts'
import { AccountMenu } from './account-menu.tsx'
import { Bell } from './bell.tsx'
import { KeyList } from './key-list.tsx'
import { Mark } from './mark.tsx'
import { placesFor } from './places.tsx'
import { usePageChange } from './page-change.ts'
import { Rail, useLiveCounts } from './rail.tsx'
import { SearchBox } from './search-box.tsx'
import { useRail } from './rail-width.ts'
import classes from './shell.module.css'

/** Rail, top bar and the page; only for somebody signed in. */
export const Shell = () => {
  const { data: me } = useSuspenseQuery(sessionQuery)
  if (me === null) return <Leave to="/sign-in" />
  return me.session?.owes == null ? <SignedIn key={me.person.id} /> : <Leave to="/second-factor" />
}

/** The session ended or owes something while the page was open: away, once, and back here afterwards. */
const Leave = ({ to }: { readonly to: '/sign-in' | '/second-factor' }) => {
  const router = useRouter()
  useEffect(() => {
    void router.navigate({ to, search: { to: router.state.location.href }, replace: true })
  }, [router, to])
  return null
}

const SignedIn = () => {
  const me = useMe()
  const navigate = useNavigate()
  const [rail, toggleRail] = useRail()
  const [drawer, { open: openDrawer, close: closeDrawer }] = useDisclosure()
  const [keys, { toggle: toggleKeys, close: closeKeys }] = useDisclosure()
  const mayRaise = mayAtAll(me, 'incident.raise')
  // Who asks for help has one place to be and needs no map of the others.
  const inPortal = seesOnlyOwn(me)
  const raise = inPortal
    ? ({ to: '/portal/new', text: say('portal.report') } as const)
    : ({ to: '/incidents/new', text: say('incident.raise') } as const)

  useEffect(listenForKeys, [])
  useLiveRefresh(me.person.id)
  useLiveCounts()
  useEffect(() => {
    // Whatever page comes first, what this person scanned and the server does not have yet is sent.
    const kept = keptFor()
    if ((kept !== null && kept !== me.person.id) || unsentScans(me.person.id) > 0)
      void import('../parts/scan-sending.ts').then(({ beginSending }) => beginSending(me.person.id))
  }, [me.person.id])
  useKeys([
    ...placesFor(me)
      .filter(({ key }) => key !== undefined)
      .map(({ key, text, to }) => ({
        keys: `g ${key}`,
        group: say('keys.go'),
        does: text(me),
        run: () => void navigate({ to }),
      })),
    ...(mayRaise
      ? [
          {
            keys: 'c',
            group: say('keys.everywhere'),
            does: raise.text,
            run: () => void navigate({ to: raise.to }),
          },
        ]
      : []),
    { keys: '[', group: say('keys.everywhere'), does: say('rail.toggle'), run: toggleRail },
    { keys: '?', group: say('keys.everywhere'), does: say('keys.title'), run: toggleKeys },
  ])

  usePageChange()

  return (
    <div className={classes['shell']} data-rail={inPortal ? 'none' : rail}>
      <a href="#page" className={classes['skip']}>
        {say('shell.skip')}
      </a>
      <aside className={classes['rail']}>
        <Rail narrow={rail === 'narrow'} />
      </aside>
      <div className={classes['banner']}>
        <ActingBanner />
      </div>
      <header className={classes['top']}>
        <ActionIcon
          variant="subtle"
          color="gray"
          className={classes['burger'] ?? ''}
          aria-label={say('rail.open')}
          onClick={openDrawer}
        >
          <Menu size={20} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          className={classes['toggle'] ?? ''}
          aria-label={say('rail.toggle')}
          aria-expanded={rail === 'wide'}
          onClick={toggleRail}
        >
          <PanelLeft size={16} aria-hidden />
        </ActionIcon>
        <Link
          to="/"
          className={classes['brand'] ?? ''}
          {...(inPortal ? {} : { 'aria-label': say('rail.home') })}
        >
          <Mark />
          {inPortal && <span className={classes['brandName']}>{me.tenant.name}</span>}
        </Link>
        {!inPortal && <SearchBox />}
        <LiveHint />
        <div className={classes['right']}>
          {mayRaise && (
            <Button
              size="compact-md"
              leftSection={<Plus size={16} aria-hidden />}
              className={classes['create'] ?? ''}
              aria-label={raise.text}
              renderRoot={(props) => <Link to={raise.to} {...props} />}
            >
              <span className={classes['createText']}>{raise.text}</span>
            </Button>
          )}
          <Bell />
          <AccountMenu onKeys={toggleKeys} />
        </div>
      </header>
      <main id="page" className={classes['page']} tabIndex={-1}>
        <Outlet />
      </main>
      <Announcer />
      <AfterPaint>
        <Drawer
          opened={drawer}
          onClose={closeDrawer}
          size={264}
          padding={0}
          withCloseButton={false}
          title={say('rail.title')}
          classNames={{ header: 'visually-hidden' }}
        >
          <Rail narrow={false} onPick={closeDrawer} />
        </Drawer>
        <ProofDialog />
        <IdleWarning />
        <KeyList opened={keys} onClose={closeKeys} />
      </AfterPaint>
    </div>
  )
}

/** Connects to what others do; whatever is on screen and touched by it is asked for again. */
const useLiveRefresh = (personId: string): void => {
  const queries = useQueryClient()
  useEffect(() => startLive(personId), [personId])
  useLiveMessages((message) => {
    switch (message.kind) {
      case 'change':
        void queries.invalidateQueries({ queryKey: ['record', message.change.id] })
        // What is not on screen is asked for again when it comes back; what is looks after itself.
        void queries.invalidateQueries({ type: 'inactive', refetchType: 'none' })
        break
      case 'open': {
        // What happened before the stream stood was not heard: what was fetched before it is fetched again.
        const now = Date.now()
        if (message.missed)
          void queries.invalidateQueries({
            predicate: ({ state }) => state.dataUpdatedAt > 0 && state.dataUpdatedAt < now,
          })
        break
      }
      case 'ended':
        void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
        break
      case 'away':
      case 'journal':
        break
    }
  })
}

const LiveHint = () => {
  const state = useLiveState()
  return (
    <div role="status" className={classes['live']}>
      {state === 'away' && (
        <>
          <CloudOff size={14} aria-hidden />
          {say('shell.away')}
        </>
      )}
    </div>
  )
}
