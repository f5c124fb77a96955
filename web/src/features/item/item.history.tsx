import type { ItemFact } from '@evenkeel/contract/item'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { Fault } from '../../ui/fault.tsx'
import { Nothing, RowsToCome, Section } from '../../ui/settings-page.tsx'
import { itemHistoryQuery } from './item.api.ts'
import { changesIn } from './item.facts.ts'
import classes from './item.history.module.css'

const firstFacts = 8

/** Who said what, when it was so, and when we knew: also what is no longer believed. */
export const ItemHistory = ({
  id,
  onShow,
}: {
  readonly id: string
  /** Shows the item as it was known then. */
  readonly onShow: (fact: ItemFact) => void
}) => {
  const { data, error, refetch } = useQuery(itemHistoryQuery(id))
  const [all, setAll] = useState(false)
  const facts = data?.facts ?? []
  const shown = all ? facts : facts.slice(0, firstFacts)
  return (
    <Section title={say('item.history')} flush>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <RowsToCome rows={3} />}
      {data?.facts.length === 0 && <Nothing>{say('item.noHistory')}</Nothing>}
      <ol className={classes['facts']}>
        {shown.map((fact, at) => (
          <Fact key={fact.id} fact={fact} changes={changesIn(facts, at)} onShow={() => onShow(fact)} />
        ))}
      </ol>
      {facts.length > firstFacts && !all && (
        <div className={classes['more']}>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setAll(true)}>
            {say('item.wholeHistory', { count: facts.length })}
          </Button>
        </div>
      )}
      {data?.more === true && all && <Nothing>{say('item.historyCut')}</Nothing>}
    </Section>
  )
}

const Fact = ({
  fact: { source, sourceLabel, by, validFrom, validTo, knownFrom, knownTo },
  changes,
  onShow,
}: {
  readonly fact: ItemFact
  readonly changes: ReturnType<typeof changesIn>
  readonly onShow: () => void
}) => {
  const zone = readerZone()
  const told = Math.abs(Date.parse(knownFrom) - Date.parse(validFrom)) >= 60_000
  return (
    <li className={classes['fact']} data-source={source === 'hand' ? 'hand' : undefined}>
      <div className={classes['head']}>
        <span className={classes['who']}>{by === null ? sourceLabel : `${by.name} (${sourceLabel})`}</span>
        <time dateTime={validFrom}>{say('item.trueFrom', { at: absolute(validFrom, zone) })}</time>
        {validTo !== null && (
          <time dateTime={validTo}>{say('item.trueTo', { at: absolute(validTo, zone) })}</time>
        )}
        {told && (
          <span className={classes['late']}>{say('item.knownFrom', { at: absolute(knownFrom, zone) })}</span>
        )}
        {knownTo !== null && (
          <span className={classes['late']}>{say('item.knownTo', { at: absolute(knownTo, zone) })}</span>
        )}
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onShow}>
          {say('item.showThen')}
        </Button>
      </div>
      {changes.length === 0 ? (
        <p className={classes['same']}>{say('item.sameValues')}</p>
      ) : (
        <dl className={classes['changes']}>
          {changes.map(({ key, label, text, before }) => (
            <div key={key}>
              <dt>{label}</dt>
              <dd>
                {before !== '' && <del>{before}</del>} {text !== '' && <bdi>{text}</bdi>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  )
}
