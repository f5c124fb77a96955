import type { ItemPage } from '@evenkeel/contract/item'
import { ActionIcon, Menu } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import Ellipsis from 'lucide-react/icons/ellipsis'
import GitMerge from 'lucide-react/icons/git-merge'
import Split from 'lucide-react/icons/split'
import { lazy, Suspense, useState } from 'react'
import { say } from '../../language/say.ts'

const MergeDialog = lazy(async () => ({ default: (await import('./item.merge-dialog.tsx')).MergeDialog }))
const SplitDialog = lazy(async () => ({ default: (await import('./item.split-dialog.tsx')).SplitDialog }))

/** Says that it is the same as another item, or that it is two. */
export const MergeMenu = ({ item }: { readonly item: ItemPage }) => {
  const navigate = useNavigate()
  const [doing, setDoing] = useState<'merge' | 'split'>()
  const close = (): void => setDoing(undefined)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" aria-label={say('item.more')}>
            <Ellipsis size={14} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<GitMerge size={14} aria-hidden />} onClick={() => setDoing('merge')}>
            {say('merge.begin')}
          </Menu.Item>
          <Menu.Item leftSection={<Split size={14} aria-hidden />} onClick={() => setDoing('split')}>
            {say('split.begin')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense fallback={null}>
        {doing === 'merge' && <MergeDialog into={item} onClose={close} />}
        {doing === 'split' && (
          <SplitDialog
            item={item}
            onClose={close}
            onDone={(id) => void navigate({ to: '/items/$id', params: { id } })}
          />
        )}
      </Suspense>
    </>
  )
}
