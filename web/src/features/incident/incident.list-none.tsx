import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import CircleAlert from 'lucide-react/icons/circle-alert'
import SearchX from 'lucide-react/icons/search-x'
import { say } from '../../language/say.ts'
import { Empty } from '../../ui/empty.tsx'

/** Nothing was found, or there is nothing yet. */
export const NoRows = ({
  filtered,
  mayRaise,
  onAll,
}: {
  readonly filtered: boolean
  readonly mayRaise: boolean
  readonly onAll: () => void
}) =>
  filtered ? (
    <Empty
      icon={<SearchX size={24} aria-hidden />}
      title={say('incident.noneMatch')}
      action={
        <Button variant="default" onClick={onAll}>
          {say('incident.showAll')}
        </Button>
      }
    >
      {say('incident.noneMatchText')}
    </Empty>
  ) : (
    <Empty
      icon={<CircleAlert size={24} aria-hidden />}
      title={say('incident.none')}
      action={
        mayRaise && (
          <Button renderRoot={(props) => <Link to="/incidents/new" {...props} />}>
            {say('incident.raise')}
          </Button>
        )
      }
    >
      {say('incident.noneText')}
    </Empty>
  )
