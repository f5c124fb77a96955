import type { ProcessMap, Variants } from '@evenkeel/contract/insight'
import { Button, NativeSelect, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { Fault } from '../../ui/fault.tsx'
import { RowsToCome, Section } from '../../ui/settings-page.tsx'
import { mapQuery, variantsQuery } from './insight.api.ts'
import { InsightFrame } from './insight.frame.tsx'
import { MapDrawing } from './insight.map.tsx'
import classes from './insight.module.css'
import { Bar, Definitions, Figure, NotInProcess, Steps } from './insight.pieces.tsx'
import {
  askedOf,
  type Behind,
  behindText,
  type InsightSearch,
  lensOf,
  shareOf,
  shares,
} from './insight.search.ts'
import { activityText, inWords, percent, whole } from './insight.words.ts'

const route = getRouteApi('/shell/insight')
const fewWays = 12
const manyWays = 200

/** How incidents really traveled: what follows what, and the ways most of them took. */
export const InsightPage = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const onSearch = (change: Partial<InsightSearch>): void =>
    void navigate({
      search: (before) => ({ ...before, ...change }),
      // What was opened is closed by going back; narrowing is not a place of its own.
      replace: change.behind === undefined,
      resetScroll: false,
    })
  const [asked, lens, share] = [askedOf(search), lensOf(search), shareOf(search)]
  const [limit, setLimit] = useState(fewWays)
  const map = useQuery(mapQuery(asked, lens, share))
  const ways = useQuery(variantsQuery(asked, lens, limit))
  const onPick = (behind: Behind): void => onSearch({ behind: behindText(behind) })
  return (
    <InsightFrame
      lead={say('insight.ways.about')}
      search={search}
      onSearch={onSearch}
      asking={map}
      actions={
        <div className={classes['looks']}>
          <SegmentedControl
            size="xs"
            aria-label={say('insight.lens')}
            value={lens}
            data={(['states', 'handovers'] as const).map((value) => ({
              value,
              label: say(`insight.lens.${value}`),
            }))}
            onChange={(value) => onSearch({ lens: value === 'handovers' ? value : undefined })}
          />
          <NativeSelect
            size="xs"
            aria-label={say('insight.share')}
            value={String(share)}
            data={shares.map((value) => ({
              value: String(value),
              label: value === 100 ? say('insight.share.all') : say('insight.share.most', { share: value }),
            }))}
            onChange={({ currentTarget: { value } }) => onSearch({ share: value })}
          />
        </div>
      }
    >
      {map.data !== undefined && <MapPart map={map.data} chosen={search.behind} onPick={onPick} />}
      {ways.error !== null && <Fault error={ways.error} onRetry={() => void ways.refetch()} />}
      {ways.data === undefined && ways.error === null && <RowsToCome rows={6} />}
      {ways.data !== undefined && (
        <WaysPart
          ways={ways.data}
          onPick={onPick}
          onMore={limit === manyWays ? undefined : () => setLimit(manyWays)}
        />
      )}
    </InsightFrame>
  )
}

const MapPart = ({
  map,
  chosen,
  onPick,
}: {
  readonly map: ProcessMap
  readonly chosen: string | undefined
  readonly onPick: (behind: Behind) => void
}) => (
  <>
    <Section
      title={say('insight.map')}
      lead={say('insight.shown', {
        incidents: map.shown.incidents,
        variants: map.shown.variants,
        ofVariants: map.shown.ofVariants,
      })}
      flush
    >
      <div className={classes['mapPart']}>
        <MapDrawing map={map} chosen={chosen} onPick={onPick} />
      </div>
      <EdgeTable map={map} onPick={onPick} />
    </Section>
    <Definitions
      of={map.definitions}
      terms={['incidents', 'visits', 'nodeSeconds', 'passes', 'edgeSeconds', 'ends', 'unfit', 'share']}
    />
  </>
)

const EdgeTable = ({
  map: { edges },
  onPick,
}: {
  readonly map: ProcessMap
  readonly onPick: (behind: Behind) => void
}) => (
  <table className={classes['table']} aria-label={say('insight.follows')}>
    <thead>
      <tr>
        <th scope="col" data-text>
          {say('insight.step')}
        </th>
        <th scope="col">{say('insight.passes')}</th>
        <th scope="col">{say('insight.median')}</th>
        <th scope="col" data-wide>
          {say('insight.p90')}
        </th>
      </tr>
    </thead>
    <tbody>
      {edges.map((edge) => {
        const name = `${activityText(edge.from)} → ${activityText(edge.to)}`
        return (
          <tr key={`${edge.from}>${edge.to}`}>
            <th scope="row">
              {name}
              {edge.unfit > 0 && <NotInProcess />}
            </th>
            <td>
              <Figure
                label={say('insight.showPasses', { step: name, count: edge.passes })}
                onPick={() => onPick({ behind: 'edge', fromStep: edge.from, toStep: edge.to })}
              >
                {whole(edge.passes)}
              </Figure>
            </td>
            <td>{inWords(edge.medianSeconds)}</td>
            <td data-wide>{inWords(edge.p90Seconds)}</td>
          </tr>
        )
      })}
    </tbody>
  </table>
)

const WaysPart = ({
  ways,
  onPick,
  onMore,
}: {
  readonly ways: Variants
  readonly onPick: (behind: Behind) => void
  readonly onMore: (() => void) | undefined
}) => (
  <>
    <Section title={say('insight.variants')} lead={say('insight.variantsText')} flush>
      <table className={classes['table']} aria-label={say('insight.variants')}>
        <thead>
          <tr>
            <th scope="col" data-text>
              {say('insight.way')}
            </th>
            <th scope="col">{say('insight.incidents')}</th>
            <th scope="col">{say('insight.shareOf')}</th>
            <th scope="col" data-wide>
              {say('insight.together')}
            </th>
            <th scope="col">{say('insight.median')}</th>
            <th scope="col" data-wide>
              {say('insight.p90')}
            </th>
          </tr>
        </thead>
        <tbody>
          {ways.variants.map(
            ({ path, steps, incidents, share, together, medianSeconds, p90Seconds, fits }) => (
              <tr key={path}>
                <th scope="row">
                  <Steps steps={steps} />
                  {!fits && <NotInProcess />}
                </th>
                <td>
                  <Figure
                    label={say('insight.showWay', {
                      way: steps.map(activityText).join(', '),
                      count: incidents,
                    })}
                    onPick={() => onPick({ behind: 'variant', path })}
                  >
                    {whole(incidents)}
                  </Figure>
                </td>
                <td>
                  <span className={classes['measured']}>
                    <Bar share={share} />
                    {percent(share)}
                  </span>
                </td>
                <td data-wide>{percent(together)}</td>
                <td>{inWords(medianSeconds)}</td>
                <td data-wide>{inWords(p90Seconds)}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
      {onMore !== undefined && ways.variants.length < ways.ofVariants && (
        <div className={classes['more']}>
          <Button variant="subtle" color="gray" size="compact-sm" onClick={onMore}>
            {say('insight.moreWays', { count: ways.ofVariants })}
          </Button>
        </div>
      )}
    </Section>
    <Definitions of={ways.definitions} terms={['variants', 'together', 'variantSeconds', 'fitting']} />
  </>
)
