import type { ItemAction, ItemState } from '@evenkeel/contract/item'
import type { Permission } from '@evenkeel/contract/permission'
import { defineProcess } from '../../kernel/process.ts'

/** What guards look at. */
export type ItemFacts = {
  readonly isService: boolean
  /** Items that need it and are in use. */
  readonly inUseAbove: number
}

type Guard = 'nothing_needs_it' | 'no_service'

/** The life of an item: planned, ordered, in stock, in use, in repair, retired, disposed. */
export const itemProcess = defineProcess<ItemState, ItemAction, Permission, Guard, 'item.moved', ItemFacts>({
  kind: 'item',
  initial: 'planned',
  // prettier-ignore
  states: {
    planned:   { label: 'planned',   open: true },
    ordered:   { label: 'ordered',   open: true },
    in_stock:  { label: 'in stock',  open: true },
    in_use:    { label: 'in use',    open: true },
    in_repair: { label: 'in repair', open: true },
    retired:   { label: 'retired',   open: false },
    disposed:  { label: 'disposed',  open: false, final: true },
  },
  // prettier-ignore
  moves: {
    order:          { from: ['planned'],                                      to: 'ordered',   by: 'item.manage', emits: 'item.moved', label: 'Order' },
    receive:        { from: ['planned', 'ordered'],                           to: 'in_stock',  by: 'item.manage', emits: 'item.moved', label: 'Receive', needs: ['no_service'] },
    put_in_use:     { from: ['planned', 'ordered', 'in_stock', 'in_repair'],  to: 'in_use',    by: 'item.manage', emits: 'item.moved', label: 'Put in use' },
    put_in_stock:   { from: ['in_use', 'in_repair'],                          to: 'in_stock',  by: 'item.manage', emits: 'item.moved', label: 'Put in stock', needs: ['no_service', 'nothing_needs_it'] },
    send_to_repair: { from: ['in_stock', 'in_use'],                           to: 'in_repair', by: 'item.manage', emits: 'item.moved', label: 'Send to repair', needs: ['no_service'] },
    retire:         { from: ['planned', 'ordered', 'in_stock', 'in_use', 'in_repair'], to: 'retired', by: 'item.manage', emits: 'item.moved', label: 'Retire', needs: ['nothing_needs_it'] },
    bring_back:     { from: ['retired'],                                      to: 'in_use',    by: 'item.manage', emits: 'item.moved', label: 'Bring back' },
    dispose:        { from: ['retired'],                                      to: 'disposed',  by: 'item.manage', emits: 'item.moved', label: 'Dispose', needs: ['no_service'] },
  },
  guards: {
    nothing_needs_it: ({ inUseAbove }) =>
      inUseAbove === 0 ||
      (inUseAbove === 1 ? '1 item in use needs it' : `${inUseAbove} items in use need it`),
    no_service: ({ isService }) =>
      !isService || 'a service is no thing that is stored, repaired or disposed of',
  },
})
