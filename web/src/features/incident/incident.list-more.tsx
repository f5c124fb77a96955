import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import { Button, Menu } from '@mantine/core'
import Download from 'lucide-react/icons/download'
import Ellipsis from 'lucide-react/icons/ellipsis'
import History from 'lucide-react/icons/history'
import Sheet from 'lucide-react/icons/sheet'
import { say } from '../../language/say.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import type { Placed } from '../../ui/list-layout.ts'

/** What is done with a list now and then. */
export const ListMore = ({
  q,
  sort,
  layout,
  onRecent,
}: {
  readonly q: string
  readonly sort: string | undefined
  readonly layout: readonly Placed[]
  readonly onRecent: () => void
}) => {
  const me = useMe()
  const mayExport = mayAtAll(me, 'export')
  const mayBulk = mayAtAll(me, 'incident.bulk')
  const exported = (format: 'csv' | 'xlsx'): string =>
    addressOf(
      api.exportIncidents,
      {},
      {
        ...(q === '' ? {} : { q }),
        ...(sort === undefined ? {} : { sort: sort }),
        columns: layout.map(({ id }) => id).join(','),
        ...(format === 'csv' ? {} : { format }),
      },
    )
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button size="compact-sm" variant="default" aria-label={say('list.more')} px={6}>
          <Ellipsis size={14} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {mayExport && (
          <>
            <Menu.Item
              component="a"
              href={exported('csv')}
              download
              leftSection={<Download size={14} aria-hidden />}
            >
              {say('list.export')}
            </Menu.Item>
            <Menu.Item
              component="a"
              href={exported('xlsx')}
              download
              leftSection={<Sheet size={14} aria-hidden />}
            >
              {say('list.exportSheet')}
            </Menu.Item>
          </>
        )}
        {mayBulk && (
          <Menu.Item leftSection={<History size={14} aria-hidden />} onClick={onRecent}>
            {say('bulk.recent')}
          </Menu.Item>
        )}
        {!mayBulk && !mayExport && (
          <Menu.Item onClick={() => void navigator.clipboard.writeText(window.location.href)}>
            {say('list.copyLink')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
