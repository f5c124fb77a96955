import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import Compass from 'lucide-react/icons/compass'
import { say } from '../language/say.ts'
import { Empty } from '../ui/empty.tsx'

export const NotFound = () => (
  <>
    <Empty
      icon={<Compass size={24} aria-hidden />}
      title={say('notFound.title')}
      isPage
      action={
        <Button variant="default" component={Link} to="/">
          {say('notFound.action')}
        </Button>
      }
    >
      {say('notFound.text')}
    </Empty>
  </>
)
