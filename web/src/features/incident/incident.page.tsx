import { ActionIcon } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useCanGoBack, useNavigate, useRouter } from '@tanstack/react-router'
import ArrowLeft from 'lucide-react/icons/arrow-left'
import { useEffect } from 'react'
import { say } from '../../language/say.ts'
import { noteRecent } from '../../parts/recent.ts'
import { useMe } from '../../parts/session.ts'
import { useKeys } from '../../ui/keys.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { timelineFilterOf } from '../../parts/timeline-rows.ts'
import { incidentQuery } from './incident.api.ts'
import { IncidentRecord } from './incident.record.tsx'

const route = getRouteApi('/shell/incidents/$id')

export const IncidentPage = () => {
  const { id } = route.useParams()
  const { show, entry } = route.useSearch()
  const { data } = useQuery(incidentQuery(id))
  const router = useRouter()
  const canGoBack = useCanGoBack()
  const navigate = useNavigate()
  usePageTitle(data === undefined ? say('incident.one') : `${data.number} ${data.title}`)
  const me = useMe()
  const [number, title] = [data?.number, data?.title]
  useEffect(() => {
    if (number !== undefined && title !== undefined) noteRecent(me.person.id, { id, number, title })
  }, [me.person.id, id, number, title])
  const back = (): void => {
    if (canGoBack) router.history.back()
    else void navigate({ to: '/incidents' })
  }
  useKeys([{ keys: 'Escape', group: say('keys.record'), does: say('record.back'), run: back }])
  return (
    <IncidentRecord
      key={id}
      id={id}
      layout="page"
      filter={timelineFilterOf(show)}
      onFilter={(filter) =>
        void navigate({
          to: '/incidents/$id',
          params: { id },
          search: filter === 'all' ? {} : { show: filter },
          replace: true,
          resetScroll: false,
        })
      }
      entry={entry}
      actions={
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={say('record.back')} onClick={back}>
          <ArrowLeft size={16} aria-hidden />
        </ActionIcon>
      }
    />
  )
}
