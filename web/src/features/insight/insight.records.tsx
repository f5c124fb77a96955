import { Button, Drawer } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { PriorityTag } from '../../parts/priority.tsx'
import { Fault } from '../../ui/fault.tsx'
import { Nothing, RowsToCome } from '../../ui/settings-page.tsx'
import { StateTag } from '../incident/incident.state.tsx'
import { behindQuery } from './insight.api.ts'
import classes from './insight.module.css'
import { Steps } from './insight.pieces.tsx'
import { askedOf, type Behind, type InsightSearch, lensOf, readBehind, shareOf } from './insight.search.ts'
import { behindTitle } from './insight.words.ts'

/** Only what the map shows is narrowed to its share. */
const isOfMap = (behind: Behind): boolean => behind.behind === 'node' || behind.behind === 'edge'

/** The incidents behind the number that was pressed, beside the page. */
export const InsightRecords = ({
  search,
  onClose,
}: {
  readonly search: InsightSearch
  readonly onClose: () => void
}) => {
  const behind = readBehind(search.behind)
  return (
    <Drawer
      opened={behind !== undefined}
      onClose={onClose}
      position="right"
      size={520}
      title={say('insight.behind')}
      closeButtonProps={{ 'aria-label': say('insight.close') }}
    >
      {behind !== undefined && <Rows search={search} behind={behind} />}
    </Drawer>
  )
}

const Rows = ({ search, behind }: { readonly search: InsightSearch; readonly behind: Behind }) => {
  const share = isOfMap(behind) ? shareOf(search) : 100
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    behindQuery(askedOf(search), lensOf(search), share, behind),
  )
  const [first] = data?.pages ?? []
  const rows = data?.pages.flatMap((page) => page.rows) ?? []
  return (
    <div className={classes['behind']}>
      <p className={classes['behindTitle']}>
        {behindTitle(behind, behind.behind === 'variant' ? rows[0]?.steps : undefined)}
      </p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {first === undefined && error === null && <RowsToCome rows={6} />}
      {first !== undefined && (
        <>
          <p className={classes['counted']} role="status">
            {say('insight.behindCount', { count: first.incidents })}
            {first.readable < first.incidents && (
              <> {say('insight.beyondReach', { count: first.incidents - first.readable })}</>
            )}
          </p>
          {rows.length === 0 && <Nothing>{say('insight.behindNone')}</Nothing>}
          <ul className={classes['records']}>
            {rows.map(({ id, number, title, state, priority, team, createdAt, steps }) => (
              <li key={id} className={classes['record']}>
                <Link to="/incidents/$id" params={{ id }} className={classes['recordName'] ?? ''}>
                  <span className={classes['number']}>{number}</span> {title}
                </Link>
                <span className={classes['recordFacts']}>
                  <StateTag state={state} />
                  <PriorityTag priority={priority} />
                  <span className={classes['quiet']}>
                    {team.name} · {absolute(createdAt, readerZone())}
                  </span>
                </span>
                {behind.behind !== 'variant' && <Steps steps={steps} />}
              </li>
            ))}
          </ul>
          {hasNextPage && (
            <Button
              variant="default"
              fullWidth
              loading={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {say('insight.moreRecords')}
            </Button>
          )}
        </>
      )}
    </div>
  )
}
