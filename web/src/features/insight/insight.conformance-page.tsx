import type { Conformance, Deviation, PingPong } from '@evenkeel/contract/insight'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { say } from '../../language/say.ts'
import { Fault } from '../../ui/fault.tsx'
import { Nothing, RowsToCome, Section } from '../../ui/settings-page.tsx'
import { conformanceQuery, pingPongQuery } from './insight.api.ts'
import { InsightFrame } from './insight.frame.tsx'
import classes from './insight.module.css'
import { Bar, Definitions, Figure } from './insight.pieces.tsx'
import { askedOf, type Behind, behindText, type InsightSearch } from './insight.search.ts'
import { activityText, inWords, monthText, percent, whole } from './insight.words.ts'

const route = getRouteApi('/shell/insight/conformance')

type Picking = { readonly onPick: (behind: Behind) => void }

/** Where history differs from the declared process, and what went back and forth between teams. */
export const ConformancePage = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const onSearch = (change: Partial<InsightSearch>): void =>
    void navigate({
      search: (before) => ({ ...before, ...change }),
      replace: change.behind === undefined,
      resetScroll: false,
    })
  const asked = askedOf(search)
  const conformance = useQuery(conformanceQuery(asked))
  const pingPong = useQuery(pingPongQuery(asked))
  const onPick = (behind: Behind): void => onSearch({ behind: behindText(behind) })
  return (
    <InsightFrame
      lead={say('insight.conformance.about')}
      search={search}
      onSearch={onSearch}
      asking={conformance}
    >
      {conformance.data !== undefined && <ConformancePart answer={conformance.data} onPick={onPick} />}
      {pingPong.error !== null && <Fault error={pingPong.error} onRetry={() => void pingPong.refetch()} />}
      {pingPong.data === undefined && pingPong.error === null && <RowsToCome rows={6} />}
      {pingPong.data !== undefined && <PingPongPart answer={pingPong.data} onPick={onPick} />}
    </InsightFrame>
  )
}

const ConformancePart = ({ answer, onPick }: { readonly answer: Conformance } & Picking) => {
  const {
    fitting,
    deviations,
    counted: { incidents },
  } = answer
  return (
    <>
      <Section title={say('insight.fitness')}>
        <div className={classes['headline']}>
          <Figure
            label={say('insight.showFitting', { count: fitting })}
            onPick={() => onPick({ behind: 'fitting' })}
          >
            <span className={classes['large']}>{percent(fitting / incidents)}</span>
          </Figure>
          <span className={classes['headlineText']}>
            {say('insight.fitnessText', { fitting, incidents })}
            <Bar share={fitting / incidents} />
          </span>
        </div>
      </Section>
      <Section
        title={say('insight.deviations')}
        {...(deviations.length === 0 ? {} : { lead: say('insight.deviationsText') })}
        flush
      >
        {deviations.length === 0 ? (
          <Nothing>{say('insight.deviationsNone')}</Nothing>
        ) : (
          <ul className={classes['deviations']}>
            {deviations.map((one) => (
              <DeviationLine key={`${one.from ?? ''}>${one.to}`} deviation={one} onPick={onPick} />
            ))}
          </ul>
        )}
      </Section>
      <Definitions
        of={answer.definitions}
        terms={['incidents', 'fitting', 'deviations', 'deviationShare', 'deviationTeams', 'deviationMonths']}
      />
    </>
  )
}

const DeviationLine = ({
  deviation: { from, to, passes, incidents, share, sentence, teams, months, examples },
  onPick,
}: { readonly deviation: Deviation } & Picking) => {
  const name =
    from === null
      ? say('insight.beganAs', { state: activityText(to) })
      : `${activityText(from)} → ${activityText(to)}`
  return (
    <li className={classes['deviation']}>
      <div className={classes['deviationHead']}>
        <h3 className={classes['deviationName']}>{name}</h3>
        <span className={classes['deviationCount']}>
          <Figure
            label={say('insight.showDeviation', { step: name, count: incidents })}
            onPick={() =>
              onPick({ behind: 'unfit', toStep: to, ...(from === null ? {} : { fromStep: from }) })
            }
          >
            {say('insight.times', { count: passes })}
          </Figure>
          <span className={classes['quiet']}>
            {say('insight.inIncidents', { count: incidents, share: percent(share) })}
          </span>
        </span>
      </div>
      <p className={classes['sentence']}>{sentence}</p>
      <dl className={classes['where']}>
        {teams.length > 0 && (
          <div>
            <dt>{say('insight.teams')}</dt>
            <dd>
              <Counted of={teams.map((one) => ({ name: one.team.name, count: one.passes }))} />
            </dd>
          </div>
        )}
        {months.length > 0 && (
          <div>
            <dt>{say('insight.months')}</dt>
            <dd>
              <Counted of={months.map((one) => ({ name: monthText(one.month), count: one.passes }))} />
            </dd>
          </div>
        )}
        {examples.length > 0 && (
          <div>
            <dt>{say('insight.examples')}</dt>
            <dd className={classes['examples']}>
              {examples.map(({ id, number, title }) => (
                <Link key={id} to="/incidents/$id" params={{ id }} title={title}>
                  {number}
                </Link>
              ))}
            </dd>
          </div>
        )}
      </dl>
    </li>
  )
}

/** Names, each with how often; a number at the end of a name must not be read as one. */
const Counted = ({ of }: { readonly of: readonly { readonly name: string; readonly count: number }[] }) => (
  <span className={classes['countedNames']}>
    {of.map(({ name, count }) => (
      <span key={name}>
        {name} <span className={classes['times']}>{say('insight.timesShort', { count })}</span>
      </span>
    ))}
  </span>
)

const PingPongPart = ({ answer, onPick }: { readonly answer: PingPong } & Picking) => {
  const { pairs, times, incidents, seconds, medianSeconds, ofPairs, counted } = answer
  return (
    <>
      <Section
        title={say('insight.pingPong')}
        lead={times === 0 ? say('insight.pingPongText') : undefined}
        flush
      >
        {times === 0 ? (
          <Nothing>{say('insight.pingPongNone')}</Nothing>
        ) : (
          <>
            <div className={classes['headline']} data-inset>
              <Figure
                label={say('insight.showBounced', { count: incidents })}
                onPick={() => onPick({ behind: 'bounced' })}
              >
                <span className={classes['large']}>{percent(incidents / counted.incidents)}</span>
              </Figure>
              <span className={classes['headlineText']}>
                {say('insight.pingPongSum', {
                  incidents,
                  times,
                  time: inWords(seconds),
                  median: inWords(medianSeconds),
                })}
              </span>
            </div>
            <table className={classes['table']} aria-label={say('insight.pingPong')}>
              <thead>
                <tr>
                  <th scope="col" data-text>
                    {say('insight.pair')}
                  </th>
                  <th scope="col">{say('insight.timesTitle')}</th>
                  <th scope="col">{say('insight.cost')}</th>
                  <th scope="col" data-wide>
                    {say('insight.median')}
                  </th>
                  <th scope="col" data-wide>
                    {say('insight.p90')}
                  </th>
                  <th scope="col" data-wide data-text>
                    {say('insight.examples')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {pairs.map((pair) => {
                  const name = say('insight.pairName', { home: pair.home.name, other: pair.other.name })
                  return (
                    <tr key={`${pair.home.id}>${pair.other.id}`}>
                      <th scope="row">{name}</th>
                      <td>
                        <Figure
                          label={say('insight.showPair', { pair: name, count: pair.times })}
                          onPick={() => onPick({ behind: 'pair', home: pair.home.id, other: pair.other.id })}
                        >
                          {whole(pair.times)}
                        </Figure>
                      </td>
                      <td>{inWords(pair.seconds)}</td>
                      <td data-wide>{inWords(pair.medianSeconds)}</td>
                      <td data-wide>{inWords(pair.p90Seconds)}</td>
                      <td data-wide data-text>
                        <span className={classes['examples']}>
                          {pair.examples.map(({ id, number, title }) => (
                            <Link key={id} to="/incidents/$id" params={{ id }} title={title}>
                              {number}
                            </Link>
                          ))}
                        </span>
                      </td>
                    </tr>
                  )
                })}
              </tbody>
            </table>
            {pairs.length < ofPairs && (
              <p className={classes['note']}>
                {say('insight.pairsCut', { shown: pairs.length, count: ofPairs })}
              </p>
            )}
          </>
        )}
      </Section>
      <Definitions of={answer.definitions} terms={['bounces', 'bounceSeconds']} />
    </>
  )
}
