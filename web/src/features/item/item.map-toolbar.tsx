import { itemHealths } from '@evenkeel/contract/item'
import { ActionIcon, NativeSelect, Popover, SegmentedControl, TextInput } from '@mantine/core'
import Filter from 'lucide-react/icons/list-filter'
import Search from 'lucide-react/icons/search'
import { type RefObject, useState } from 'react'
import { say } from '../../language/say.ts'
import { BranchChoice } from './branch.choice.tsx'
import classes from './item.map-toolbar.module.css'
import type { ClassNode } from './item.classes.ts'
import type { MapSearch, TimesSearch } from './item.search.ts'
import { TimesControl } from './item.times.tsx'

export const mostHops = 6

type Props = {
  readonly search: MapSearch
  readonly hops: number
  /** Classes as a tree, with how many items of each are on the map. */
  readonly tree: readonly ClassNode[]
  readonly narrow: boolean
  readonly finder: RefObject<HTMLInputElement | null>
  readonly onChange: (change: Partial<MapSearch>) => void
  /** The next of those that were found. */
  readonly onNext: () => void
}

/** What is looked for on the map, and what of the model it shows. */
export const MapToolbar = (props: Props) => {
  const { search, narrow, finder, onChange, onNext } = props
  const times = (
    <TimesControl times={search} onChange={({ at, known }: TimesSearch) => onChange({ at, known })} />
  )
  return (
    <header className={classes['head']}>
      <h1 className={classes['title']}>{say('map.title')}</h1>
      <SegmentedControl
        size="xs"
        aria-label={say('map.how')}
        data={[
          { value: 'map', label: say('map.asMap') },
          { value: 'list', label: say('map.asList') },
        ]}
        value={search.as === 'list' ? 'list' : 'map'}
        onChange={(value) => onChange({ as: value === 'list' ? 'list' : undefined })}
      />
      <div className={classes['tools']}>
        <TextInput
          ref={finder}
          size="xs"
          aria-label={say('map.search')}
          placeholder={say('map.search')}
          leftSection={<Search size={14} aria-hidden />}
          value={search.q ?? ''}
          maxLength={100}
          className={classes['find'] ?? ''}
          onChange={(event) =>
            onChange({ q: event.currentTarget.value === '' ? undefined : event.currentTarget.value })
          }
          onKeyDown={(event) => {
            if (event.key === 'Enter') onNext()
          }}
        />
        {narrow ? <FoldedChoices {...props} /> : <Choices {...props} />}
        {times}
      </div>
    </header>
  )
}

/** On a phone they would be higher than the map. */
const FoldedChoices = (props: Props) => {
  const [opened, setOpened] = useState(false)
  const { search } = props
  const chosen = [search.class, search.health, search.hops, search.branches].filter(
    (one) => one !== undefined,
  ).length
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={280} trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          variant={chosen > 0 ? 'light' : 'default'}
          size={30}
          aria-label={say('map.choices', { count: chosen })}
          onClick={() => setOpened(!opened)}
        >
          <Filter size={16} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown
        className={classes['folded'] ?? ''}
        aria-label={say('map.choices', { count: chosen })}
      >
        {opened && <Choices {...props} />}
      </Popover.Dropdown>
    </Popover>
  )
}

const Choices = ({ search, hops, tree, onChange }: Props) => {
  const given = (text: string): string | undefined => (text === '' ? undefined : text)
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label={say('item.byClass')}
        className={classes['choice'] ?? ''}
        data={[
          { value: '', label: say('item.allClasses') },
          ...tree.map(({ key, label, depth, count }) => ({
            value: key,
            label: `${'\u2003'.repeat(depth - 1)}${label} (${say('list.count', { count })})`,
          })),
        ]}
        value={search.class ?? ''}
        onChange={(event) => onChange({ class: given(event.currentTarget.value) })}
      />
      <NativeSelect
        size="xs"
        aria-label={say('item.health')}
        className={classes['choice'] ?? ''}
        data={[
          { value: '', label: say('map.anyHealth') },
          ...itemHealths.map((value) => ({ value, label: say(`item.health.${value}`) })),
        ]}
        value={search.health ?? ''}
        onChange={(event) => {
          const { value } = event.currentTarget
          onChange({ health: itemHealths.find((health) => health === value) })
        }}
      />
      <NativeSelect
        size="xs"
        aria-label={say('map.hops')}
        className={classes['choice'] ?? ''}
        data={Array.from({ length: mostHops }, (_, at) => ({
          value: String(at + 1),
          label: say('map.hopsCount', { count: at + 1 }),
        }))}
        value={String(hops)}
        onChange={(event) => onChange({ hops: event.currentTarget.value })}
      />
      <div className={classes['choice']}>
        <BranchChoice value={search.branches} onChange={(branches) => onChange({ branches })} />
      </div>
    </>
  )
}
