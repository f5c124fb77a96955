import type { Need } from '../../kernel/impact/quorum.ts'
import type { Edge } from '../../kernel/impact/relation.ts'
import type { Linked } from './graph.source.ts'
import type { Values } from './item.repo.ts'

export const edgeOf = ({ id, type, belowId, aboveId }: Linked): Edge => ({
  id,
  dependent: aboveId,
  support: belowId,
  strength: type === 'connected_to' ? 'weak' : 'need',
  group: type === 'member_of' ? aboveId : null,
})

/** What a group says of how many members it needs. */
export const needOf = (values: Values): { readonly need: Need; readonly assumed: boolean } => {
  const [count, share] = [values['members_needed'], values['members_needed_share']]
  if (typeof count === 'number') return { need: { count }, assumed: false }
  if (typeof share === 'number') return { need: { share: share / 100 }, assumed: false }
  return { need: { share: 1 }, assumed: true }
}
