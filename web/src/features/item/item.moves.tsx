import type { ItemPage as Item } from '@evenkeel/contract/item'
import { Button, Popover } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import ListTodo from 'lucide-react/icons/list-todo'
import { lazy, Suspense, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { sentence } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { itemKey, itemsKey } from './item.api.ts'
import classes from './item.page.module.css'
import { ReasonField } from './item.reason-field.tsx'

const GoneDialog = lazy(async () => ({
  default: (await import('../asset/asset.gone-dialog.tsx')).GoneDialog,
}))

/** Moves that ask why, and how data was removed. */
const asksMore = (action: string): boolean =>
  action === 'dispose' || action === 'write_off' || action === 'report_lost'

type Offer = Item['allowed'][number]
/** The move that usually comes next is the filled button. */
const usual = ['put_in_use', 'receive', 'order', 'bring_back'] as const

/** What may happen to the item next in its life; each move takes a reason along. */
export const ItemMoves = ({ item }: { readonly item: Item }) => {
  const queries = useQueryClient()
  const [asking, setAsking] = useState<Offer>()
  const [note, setNote] = useState('')
  const primary = usual.find((action) => item.allowed.some((offer) => offer.action === action))
  return (
    <>
      {item.allowed
        .toSorted((a, b) => Number(a.action === primary) - Number(b.action === primary))
        .map((offer) =>
          offer.ready ? (
            <Button
              key={offer.action}
              size="compact-md"
              variant={offer.action === primary ? 'filled' : 'default'}
              onClick={() => {
                setNote('')
                setAsking(offer)
              }}
            >
              {offer.label}
            </Button>
          ) : (
            <NotReady key={offer.action} offer={offer} />
          ),
        )}
      <Suspense fallback={null}>
        {asking !== undefined && asksMore(asking.action) && (
          <GoneDialog
            item={item}
            offer={asking}
            onDone={async () => {
              await queries.invalidateQueries({ queryKey: itemKey(item.id) })
              void queries.invalidateQueries({ queryKey: itemsKey })
            }}
            onClose={() => setAsking(undefined)}
          />
        )}
      </Suspense>
      {asking !== undefined && !asksMore(asking.action) && (
        <FormDialog
          title={say('item.moveTitle', { move: asking.label, name: item.name })}
          submit={asking.label}
          onClose={() => setAsking(undefined)}
          onSubmit={async () => {
            await client.moveItem({
              params: { id: item.id },
              version: item.version,
              body: { action: asking.action, note: note.trim() },
            })
            await queries.invalidateQueries({ queryKey: itemKey(item.id) })
            void queries.invalidateQueries({ queryKey: itemsKey })
          }}
        >
          {asking.action === 'retire' && <p className={classes['lead']}>{say('item.retireText')}</p>}
          <ReasonField value={note} maxLength={2000} isFirst onChange={setNote} />
        </FormDialog>
      )}
    </>
  )
}

/** Pressable: it answers with what is missing. */
const NotReady = ({ offer: { label, reasons } }: { readonly offer: Offer }) => (
  <Popover width={280} position="bottom-end" withArrow>
    <Popover.Target>
      <Button
        size="compact-md"
        variant="default"
        leftSection={<ListTodo size={14} aria-hidden />}
        className={classes['unready'] ?? ''}
        aria-description={reasons.map(({ message }) => sentence(message)).join('. ')}
      >
        {label}
      </Button>
    </Popover.Target>
    <Popover.Dropdown>
      <p className={classes['lead']}>{say('move.notReady', { move: label })}</p>
      <ul className={classes['reasons']}>
        {reasons.map(({ code, message }) => (
          <li key={code}>{sentence(message)}</li>
        ))}
      </ul>
    </Popover.Dropdown>
  </Popover>
)
