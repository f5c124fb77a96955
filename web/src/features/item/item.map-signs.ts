import { itemHealths, type ItemHealth } from '@evenkeel/contract/item'
import type { Colors } from './item.map-paint.ts'

/** The signs as everywhere else. */
const shapes = {
  up: '<circle cx="12" cy="12" r="10"/><path d="m16 9-5.5 5.5L8 12"/>',
  degraded:
    '<path d="m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3M12 9v4M12 17h.01"/>',
  down: '<path d="M2.586 16.726A2 2 0 0 1 2 15.312V8.688a2 2 0 0 1 .586-1.414l4.688-4.688A2 2 0 0 1 8.688 2h6.624a2 2 0 0 1 1.414.586l4.688 4.688A2 2 0 0 1 22 8.688v6.624a2 2 0 0 1-.586 1.414l-4.688 4.688a2 2 0 0 1-1.414.586H8.688a2 2 0 0 1-1.414-.586zM15 9l-6 6M9 9l6 6"/>',
  unknown: '<circle cx="12" cy="12" r="10"/><path d="M9 9.5a3 2.5 0 016 0c0 2-2 2-3 3.5M12 17h.01"/>',
} as const satisfies Record<ItemHealth, string>

const tones = { up: 'done', degraded: 'medium', down: 'critical', unknown: 'low' } as const

const picture = (shape: string, color: string): string =>
  `url("data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="${color}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shape}</svg>`,
  )}")`

/**
 * Backgrounds for the signs on nodes, as CSS variables. An icon that is an element is a piece of the page of its own, and with hundreds of
 * them the browser needs half of a frame to put a moving map together; a background is a part of its node.
 */
export const signsIn = (colors: Colors): readonly (readonly [name: string, value: string])[] =>
  itemHealths.map((health) => [`--sign-${health}`, picture(shapes[health], colors[tones[health]])])
