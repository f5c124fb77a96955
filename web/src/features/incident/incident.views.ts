import type { Me } from '@evenkeel/contract/session'
import { mayAtAll } from '../../parts/session.ts'

/** The lists everybody starts with, each a filter as one would type it. */
const agentViews = [
  { id: 'mine', q: 'open:true assignee:me' },
  { id: 'teams', q: 'open:true team:my_teams' },
  { id: 'unassigned', q: 'open:true assignee:empty' },
  { id: 'open', q: 'open:true' },
  { id: 'all', q: '' },
] as const

const requesterViews = [
  { id: 'myOpen', q: 'open:true' },
  { id: 'all', q: '' },
] as const

export type View = (typeof agentViews)[number] | (typeof requesterViews)[number]

export const viewsFor = (me: Me): { readonly views: readonly View[]; readonly initial: View } =>
  mayAtAll(me, 'incident.read_internal')
    ? {
        views: me.teams.length === 0 ? agentViews.filter(({ id }) => id !== 'teams') : agentViews,
        initial: agentViews[3],
      }
    : { views: requesterViews, initial: requesterViews[0] }
