import type { ItemChange } from '@evenkeel/contract/item-bulk'
import { itemActions } from '@evenkeel/contract/item'
import { Link } from '@tanstack/react-router'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { aboutOf, type Bulk, type BulkDoing } from '../../parts/bulk.ts'
import { itemsKey } from './item.api.ts'

export const bulkOfItems: Bulk = {
  kind: 'item',
  list: () => client.listItemBulk(),
  read: (id) => client.readItemBulk({ params: { id } }),
  undo: (id) => client.undoItemBulk({ params: { id } }),
  stale: [[...itemsKey], ['item']],
  stepWords: (step) => {
    const action = itemActions.find((one) => one === step)
    return action === undefined ? say('item.bulk.attribute') : say(`branch.action.${action}`)
  },
  renderLink: (id, words) => (
    <Link to="/items/$id" params={{ id }}>
      {words}
    </Link>
  ),
}

export const changingItems: BulkDoing<ItemChange> = {
  bulk: bulkOfItems,
  preview: (about, change) => client.previewItemBulk({ body: { ...aboutOf(about), change } }),
  start: (ids, change) =>
    client.startItemBulk({ body: { ids: [...ids], change }, idempotencyKey: crypto.randomUUID() }),
  title: (count) => say('item.bulk.title', { count }),
  submit: (count) => say('item.bulk.change', { count }),
}
