import ELK from 'elkjs/lib/elk-api.js'
import workerAddress from 'elkjs/lib/elk-worker.min.js?url'
import { gap, type Link, nodeSize, type Places } from './item.map-layout.ts'

/** Larger maps keep the layers they have at once: sorting them out further takes longer than a person waits. */
export const mostSortedOut = 300

let elk: InstanceType<typeof ELK> | undefined

/** Fewer crossings and straighter lines, worked out beside the page. */
export const sortedOut = async (
  ids: readonly string[],
  links: readonly Link[],
  shape: number,
): Promise<Places> => {
  elk ??= new ELK({ workerFactory: () => new Worker(workerAddress) })
  const known = new Set(ids)
  const laid = await elk.layout({
    id: 'map',
    children: ids.map((id) => ({ id, ...nodeSize })),
    edges: links
      .filter(({ belowId, aboveId }) => belowId !== aboveId && known.has(belowId) && known.has(aboveId))
      .map(({ belowId, aboveId }, at) => ({ id: `${at}`, sources: [aboveId], targets: [belowId] })),
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'DOWN',
      'elk.spacing.nodeNode': `${gap.across}`,
      'elk.layered.spacing.nodeNodeBetweenLayers': `${gap.down}`,
      'elk.spacing.componentComponent': '64',
      'elk.aspectRatio': `${shape}`,
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.thoroughness': '4',
    },
  })
  return new Map((laid.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]))
}
