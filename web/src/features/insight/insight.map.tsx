import type { Activity, ProcessMap } from '@evenkeel/contract/insight'
import { ActionIcon, Tooltip } from '@mantine/core'
import Maximize from 'lucide-react/icons/maximize'
import ZoomIn from 'lucide-react/icons/zoom-in'
import ZoomOut from 'lucide-react/icons/zoom-out'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { say } from '../../language/say.ts'
import {
  drawLines,
  labelHeight,
  type Line,
  linesToDraw,
  mapSize,
  nodeSize,
  placeOf,
  usedOf,
} from './insight.layout.ts'
import classes from './insight.module.css'
import type { Behind } from './insight.search.ts'
import { activityText, inWords, whole } from './insight.words.ts'

type Pick = (behind: Behind) => void

const zooms = [1, 1.4, 1.8, 2.4] as const

/** Pressed like a button, by whatever means. */
const pressed = (run: () => void) => ({
  role: 'button',
  tabIndex: 0,
  onClick: run,
  onKeyDown: (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    run()
  },
})

/** The map: as wide as frequent, dashed and marked where the process has no move. The table below it says the same. */
export const MapDrawing = ({
  map,
  chosen,
  onPick,
}: {
  readonly map: ProcessMap
  readonly chosen: string | undefined
  readonly onPick: Pick
}) => {
  const { nodes, edges } = map
  const [zoom, setZoom] = useState(0)
  const scale = zooms[zoom] ?? 1
  const lines = useMemo(
    () =>
      drawLines(
        linesToDraw(nodes, edges, (passes, median) =>
          median === null ? whole(passes) : `${whole(passes)} · ${inWords(median)}`,
        ),
        nodes.map(({ activity }) => activity),
      ),
    [nodes, edges],
  )
  const used = usedOf(
    lines,
    nodes.map(({ activity }) => activity),
  )
  return (
    <div>
      {/* Moved by scrolling, also from the keyboard once it is larger than its place. */}
      <div
        className={classes['mapScroll']}
        {...(zoom === 0 ? {} : { tabIndex: 0, role: 'region', 'aria-label': say('insight.map') })}
      >
        <svg
          viewBox={`0 ${used.top} ${mapSize.width} ${used.height}`}
          className={classes['map']}
          style={{ width: `${scale * 100}%` }}
          role="group"
          aria-label={say('insight.map')}
        >
          <Marks nodes={nodes} />
          {lines.map((line) => (
            <Edge
              key={line.key}
              line={line}
              edges={edges}
              isChosen={chosen === `edge:${line.key}`}
              onPick={onPick}
            />
          ))}
          {lines.map(({ key, label, isUnfit }) => (
            <Label key={key} label={label} isUnfit={isUnfit} />
          ))}
          {nodes.map((node) => (
            <Node
              key={node.activity}
              node={node}
              isChosen={chosen === `node:${node.activity}`}
              onPick={onPick}
            />
          ))}
        </svg>
      </div>
      <div className={classes['below']}>
        <Legend hasUnfit={hasUnfit(map)} />
        <div className={classes['zoom']}>
          {(
            [
              ['in', zoom + 1, ZoomIn],
              ['out', zoom - 1, ZoomOut],
              ['fit', 0, Maximize],
            ] as const
          ).map(([name, to, Icon]) => (
            <Tooltip key={name} label={say(`insight.zoom.${name}`)}>
              <ActionIcon
                variant="default"
                size="md"
                aria-label={say(`insight.zoom.${name}`)}
                disabled={to === zoom || zooms[to] === undefined}
                onClick={() => setZoom(to)}
              >
                <Icon size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          ))}
        </div>
      </div>
    </div>
  )
}

const Marks = ({ nodes }: { readonly nodes: ProcessMap['nodes'] }) => {
  const [begin, end] = [placeOf('begin'), placeOf('end')]
  return (
    <g aria-hidden>
      <circle cx={begin.x} cy={begin.y} r={8} className={classes['begin']} />
      {nodes.some(({ ends }) => ends > 0) && (
        <>
          <circle cx={end.x} cy={end.y} r={8} className={classes['end']} />
          <circle cx={end.x} cy={end.y} r={4} className={classes['begin']} />
        </>
      )}
    </g>
  )
}

const Edge = ({
  line: { from, to, path, width, arrow, isUnfit },
  edges,
  isChosen,
  onPick,
}: {
  readonly line: Line
  readonly edges: ProcessMap['edges']
  readonly isChosen: boolean
  readonly onPick: Pick
}) => {
  const drawing = (
    <>
      <path d={path} className={classes['reach']} />
      <path d={path} className={classes['line']} strokeWidth={width} />
      <polygon points={arrow} className={classes['arrow']} />
    </>
  )
  const edge = edges.find((one) => one.from === from && one.to === to)
  if (edge === undefined)
    return (
      <g className={classes['edge']} data-unfit={isUnfit || undefined} aria-hidden>
        {drawing}
      </g>
    )
  const label = say('insight.edge', {
    from: activityText(edge.from),
    to: activityText(edge.to),
    count: edge.passes,
    median: inWords(edge.medianSeconds),
    p90: inWords(edge.p90Seconds),
  })
  return (
    <g
      className={classes['edge']}
      data-unfit={isUnfit || undefined}
      data-pressed
      data-chosen={isChosen || undefined}
      aria-label={edge.unfit > 0 ? `${label} ${say('insight.notInProcess')}.` : label}
      {...pressed(() => onPick({ behind: 'edge', fromStep: edge.from, toStep: edge.to }))}
    >
      <title>{label}</title>
      {drawing}
    </g>
  )
}

const Label = ({
  label: { x, y, width, text },
  isUnfit,
}: {
  readonly label: Line['label']
  readonly isUnfit: boolean
}) => (
  <g className={classes['label']} data-unfit={isUnfit || undefined} aria-hidden>
    <rect x={x - width / 2} y={y - labelHeight / 2} width={width} height={labelHeight} rx={9} />
    {isUnfit && (
      <path
        d={`M ${x - width / 2 + 13} ${y - 5} l 5.5 9.5 h -11 Z m 0 3.2 v 3 m 0 1.4 v .2`}
        className={classes['mark']}
      />
    )}
    <text x={x + (isUnfit ? 7.5 : 0)} y={y + 4} textAnchor="middle">
      {text}
    </text>
  </g>
)

const Node = ({
  node: { activity, visits, medianSeconds, p90Seconds, still },
  isChosen,
  onPick,
}: {
  readonly node: ProcessMap['nodes'][number]
  readonly isChosen: boolean
  readonly onPick: Pick
}) => {
  const { x, y } = placeOf(activity)
  const [left, top] = [x - nodeSize.width / 2, y - nodeSize.height / 2]
  const label = say('insight.node', {
    step: activityText(activity),
    count: visits,
    median: inWords(medianSeconds),
    p90: inWords(p90Seconds),
    still,
  })
  return (
    <>
      <g
        className={classes['node']}
        data-activity={activity}
        data-chosen={isChosen || undefined}
        aria-label={label}
        {...pressed(() => onPick({ behind: 'node', activity }))}
      >
        <title>{label}</title>
        <rect x={left} y={top} width={nodeSize.width} height={nodeSize.height} rx={8} />
      </g>
      {/* The name of the button says all of this. */}
      <g className={classes['words']} aria-hidden>
        <text x={x} y={top + 24} textAnchor="middle" className={classes['name']}>
          {activityText(activity)}
        </text>
        <text x={x} y={top + 43} textAnchor="middle" className={classes['measure']}>
          {whole(visits)}
          {medianSeconds !== null && ` · ${inWords(medianSeconds)}`}
        </text>
      </g>
    </>
  )
}

/** What the lines mean. */
const Legend = ({ hasUnfit }: { readonly hasUnfit: boolean }) => (
  <ul className={classes['legend']}>
    <li>
      <svg width="34" height="8" aria-hidden>
        <path d="M1 4h32" className={classes['line']} strokeWidth="3" />
      </svg>
      {say('insight.legend.fits')}
    </li>
    {hasUnfit && (
      <li data-unfit>
        <svg width="34" height="8" aria-hidden>
          <path d="M1 4h32" className={classes['line']} strokeWidth="3" />
        </svg>
        {say('insight.legend.unfit')}
      </li>
    )}
    <li>{say('insight.legend.numbers')}</li>
  </ul>
)

const hasUnfit = ({ edges, nodes }: ProcessMap): boolean =>
  edges.some(({ unfit }) => unfit > 0) ||
  nodes.some(({ activity, begins }) => activity !== firstState && begins > 0)
const firstState: Activity = 'new'
