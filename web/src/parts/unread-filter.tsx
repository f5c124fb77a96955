import { Button } from '@mantine/core'
import ListFilter from 'lucide-react/icons/list-filter'
import { say } from '../language/say.ts'
import { Empty } from '../ui/empty.tsx'

/** Stands where the answer would: a filter with faults in it finds nothing, and a page without a word would seem broken. */
export const UnreadFilter = ({ onClear }: { readonly onClear: () => void }) => (
  <Empty
    icon={<ListFilter size={24} aria-hidden />}
    title={say('filter.unread')}
    action={
      <Button variant="default" onClick={onClear}>
        {say('filter.clear')}
      </Button>
    }
  >
    {say('filter.unreadText')}
  </Empty>
)
