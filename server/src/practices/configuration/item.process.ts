import type { ItemAction, ItemState } from '@evenkeel/contract/item'
import type { Permission } from '@evenkeel/contract/permission'
import { defineProcess } from '../../kernel/process.ts'

/** What guards look at. */
export type ItemFacts = {
  /** It can be stored, lost, repaired and disposed of. */
  readonly isThing: boolean
  /** Items that need it and are in use. */
  readonly inUseAbove: number
  /** Whoever makes the move says why. */
  readonly reasonGiven: boolean
  /** It stores patient or cardholder data, or once did, as far as is known. */
  readonly boreData: boolean
  /** How its data was removed is on record: method, when, by whom and the certificate. */
  readonly sanitized: boolean
}

type Guard = 'nothing_needs_it' | 'a_thing' | 'reason' | 'sanitized'

/** The life of an item: planned, ordered, in stock, in use, in repair, lost or stolen, retired, disposed of. */
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
    lost:      { label: 'lost or stolen', open: true },
    retired:   { label: 'retired',   open: false },
    disposed:  { label: 'disposed',  open: false, final: true },
  },
  // prettier-ignore
  moves: {
    order:          { from: ['planned'],                                      to: 'ordered',   by: 'item.manage', emits: 'item.moved', label: 'Order' },
    receive:        { from: ['planned', 'ordered'],                           to: 'in_stock',  by: 'item.manage', emits: 'item.moved', label: 'Receive', needs: ['a_thing'] },
    put_in_use:     { from: ['planned', 'ordered', 'in_stock', 'in_repair'],  to: 'in_use',    by: 'item.manage', emits: 'item.moved', label: 'Put in use' },
    put_in_stock:   { from: ['in_use', 'in_repair'],                          to: 'in_stock',  by: 'item.manage', emits: 'item.moved', label: 'Put in stock', needs: ['a_thing', 'nothing_needs_it'] },
    send_to_repair: { from: ['in_stock', 'in_use'],                           to: 'in_repair', by: 'item.manage', emits: 'item.moved', label: 'Send to repair', needs: ['a_thing'] },
    // Nobody is asked whether something needs it: it is gone already.
    report_lost:    { from: ['ordered', 'in_stock', 'in_use', 'in_repair', 'retired'], to: 'lost', by: 'item.manage', emits: 'item.moved', label: 'Report lost or stolen', needs: ['a_thing', 'reason'] },
    find_again:     { from: ['lost'],                                         to: 'in_stock',  by: 'item.manage', emits: 'item.moved', label: 'Found again' },
    retire:         { from: ['planned', 'ordered', 'in_stock', 'in_use', 'in_repair'], to: 'retired', by: 'item.manage', emits: 'item.moved', label: 'Retire', needs: ['nothing_needs_it'] },
    bring_back:     { from: ['retired'],                                      to: 'in_use',    by: 'item.manage', emits: 'item.moved', label: 'Bring back' },
    // Media that held patient or cardholder data leave only sanitized (NIST SP 800-88; PCI DSS 9.4.7).
    dispose:        { from: ['retired'],                                      to: 'disposed',  by: 'item.manage', emits: 'item.moved', label: 'Dispose', needs: ['a_thing', 'reason', 'sanitized'] },
    // What cannot be found can no longer be sanitized: whoever writes it off says why, and the record says that it was lost.
    write_off:      { from: ['lost'],                                         to: 'disposed',  by: 'item.manage', emits: 'item.moved', label: 'Write off', needs: ['reason'] },
  },
  guards: {
    nothing_needs_it: ({ inUseAbove }) =>
      inUseAbove === 0 ||
      (inUseAbove === 1 ? '1 item in use needs it' : `${inUseAbove} items in use need it`),
    a_thing: ({ isThing }) => isThing || 'it is no thing that is stored, lost, repaired or disposed of',
    reason: ({ reasonGiven }) => reasonGiven || 'say why',
    sanitized: ({ boreData, sanitized }) =>
      !boreData ||
      sanitized ||
      'it stored patient or cardholder data: say how it was sanitized, when, by whom, and under which certificate',
  },
})
