import { Button, Menu } from '@mantine/core'
import Download from 'lucide-react/icons/download'
import Ellipsis from 'lucide-react/icons/ellipsis'
import Sheet from 'lucide-react/icons/sheet'
import type { ReactNode } from 'react'
import { say } from '../language/say.ts'
import { mayAtAll, useMe } from './session.ts'

/** What is done with a list now and then. */
export const ListingMore = ({
  exported,
  children,
}: {
  /** The address of the list as a file. */
  readonly exported: (format: 'csv' | 'xlsx') => string
  readonly children?: ReactNode
}) => {
  const mayExport = mayAtAll(useMe(), 'export')
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
        {children}
        {!mayExport && (
          <Menu.Item onClick={() => void navigator.clipboard.writeText(window.location.href)}>
            {say('list.copyLink')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
