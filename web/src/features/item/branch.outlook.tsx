import type { BranchOutlook, ListedBranch } from '@evenkeel/contract/item-branch'
import { Button, Checkbox, MultiSelect, Skeleton, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Link2 from 'lucide-react/icons/link-2'
import TrendingDown from 'lucide-react/icons/trending-down'
import TrendingUp from 'lucide-react/icons/trending-up'
import type { ReactNode } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { instantOf, wallOf } from '../../language/time.ts'
import { Fault, sentence } from '../../ui/fault.tsx'
import { Section } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { type OutlookAsked, outlookQuery } from './branch.api.ts'
import classes from './branch.module.css'
import type { BranchSearch } from './branch.search.ts'
import { sentenceOf, stretchOf } from './branch.words.tsx'
import { HealthTag } from './item.words.tsx'

/** What would follow if this branch ran, alone or with others. */
export const OutlookPart = ({
  asked,
  version,
  others,
  search,
  onChange,
}: {
  readonly asked: OutlookAsked
  readonly version: number
  readonly others: readonly ListedBranch[]
  readonly search: BranchSearch
  readonly onChange: (change: Partial<BranchSearch>) => void
}) => {
  const { data, error, refetch, isPlaceholderData } = useQuery(outlookQuery(asked, version))
  const { timeZone } = readerZone()
  return (
    <Section
      title={say('branch.outlook')}
      lead={say('branch.outlookLead')}
      actions={
        <Button
          size="compact-sm"
          variant="default"
          renderRoot={(props) => (
            <Link
              to="/map"
              search={{
                branches: asked.branchIds.join(','),
                ...(search.at === undefined ? {} : { at: search.at }),
              }}
              {...props}
            />
          )}
        >
          {say('branch.onMap')}
        </Button>
      }
    >
      <div className={classes['asking']}>
        <MultiSelect
          label={say('branch.together')}
          placeholder={asked.branchIds.length > 1 ? '' : say('branch.togetherNone')}
          data={others.map(({ id, name }) => ({ value: id, label: name }))}
          value={asked.branchIds.slice(1)}
          maxValues={9}
          searchable
          clearable
          onChange={(ids) => onChange({ with: ids.length === 0 ? undefined : ids.join(',') })}
        />
        <TextInput
          type="datetime-local"
          label={say('branch.at')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          description={say('branch.atHint')}
          value={search.at === undefined ? '' : wallOf(search.at, timeZone)}
          onChange={(event) => {
            const wall = event.currentTarget.value
            onChange({ at: wall === '' ? undefined : instantOf(wall, timeZone) })
          }}
        />
        <Checkbox
          className={classes['also'] ?? ''}
          label={say('branch.withOutages')}
          checked={asked.withCurrentOutages}
          onChange={(event) => onChange({ outages: event.currentTarget.checked ? 'true' : undefined })}
        />
      </div>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton height={96} />}
      {data !== undefined && (
        <div className={classes['answer']} aria-busy={isPlaceholderData || undefined}>
          <p className={classes['sum']} role="status">
            {sentence(data.sentence)}.
          </p>
          <Contradictions outlook={data} />
          <Services outlook={data} />
          <Reserve outlook={data} />
          <Rest outlook={data} />
        </div>
      )}
    </Section>
  )
}

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section>
    <h3 className={classes['part']}>{title}</h3>
    <ul className={classes['list']}>{children}</ul>
  </section>
)

const ItemLink = ({ item }: { readonly item: { readonly id: string; readonly name: string } }) => (
  <Link to="/items/$id" params={{ id: item.id }} className={classes['name'] ?? ''}>
    {item.name}
  </Link>
)

const Contradictions = ({ outlook: { conflicts, drift } }: { readonly outlook: BranchOutlook }) => (
  <>
    {conflicts.length > 0 && (
      <Part title={say('branch.conflicts')}>
        {conflicts.map(({ sentence: text, branchIds }) => (
          <li key={`${branchIds.join(' ')} ${text}`} className={classes['warned']}>
            {sentence(text)}.
          </li>
        ))}
      </Part>
    )}
    {drift.length > 0 && (
      <Part title={say('branch.drift')}>
        {drift.map(({ stepId, item, sentence: text }) => (
          <li key={`${stepId} ${text}`} className={classes['warned']}>
            {sentenceOf(text, item)}.
          </li>
        ))}
      </Part>
    )}
  </>
)

const Services = ({ outlook: { services } }: { readonly outlook: BranchOutlook }) =>
  services.length === 0 ? null : (
    <Part title={say('branch.services', { count: services.length })}>
      {services.map((one) => (
        <li key={one.item.id} className={classes['affected']}>
          <div className={classes['line']}>
            <HealthTag health={{ now: one.health }} />
            <ItemLink item={one.item} />
            {one.jointly && (
              <Tag tone="high" icon={<Link2 size={14} aria-hidden />}>
                {say('branch.jointly')}
              </Tag>
            )}
            <span className={classes['quiet']}>{say(`services.criticality.${one.criticality}`)}</span>
            {one.usersServed !== null && (
              <span className={classes['quiet']}>{say('map.users', { count: one.usersServed })}</span>
            )}
          </div>
          <p className={classes['way']}>{sentenceOf(one.sentence, one.item)}</p>
          <p className={classes['quiet']}>{one.stretches.map(stretchOf).join('; ')}</p>
        </li>
      ))}
    </Part>
  )

const Reserve = ({ outlook: { reserve } }: { readonly outlook: BranchOutlook }) => {
  const changes = (['lost', 'gained'] as const).map((change) => ({
    change,
    rows: reserve.filter((one) => one.change === change),
  }))
  return (
    <>
      {changes.map(({ change, rows }) =>
        rows.length === 0 ? null : (
          <Part key={change} title={say(`branch.reserve.${change}`)}>
            {rows.map((one) => (
              <li key={`${one.item.id} ${one.from}`} className={classes['affected']}>
                <div className={classes['line']}>
                  <Tag
                    tone={change === 'lost' ? 'medium' : 'done'}
                    icon={
                      change === 'lost' ? (
                        <TrendingDown size={14} aria-hidden />
                      ) : (
                        <TrendingUp size={14} aria-hidden />
                      )
                    }
                  >
                    {say(`branch.reserveTag.${change}`)}
                  </Tag>
                  <ItemLink item={one.item} />
                </div>
                <p className={classes['way']}>{sentence(one.sentence)}</p>
                {one.availability !== null && (
                  <p className={classes['quiet']}>{sentence(one.availability.after.sentence)}</p>
                )}
                <p className={classes['quiet']}>{stretchOf(one)}</p>
              </li>
            ))}
          </Part>
        ),
      )}
    </>
  )
}

const Rest = ({ outlook: { items, better, outages, cut } }: { readonly outlook: BranchOutlook }) => (
  <>
    {better.length > 0 && (
      <Part title={say('branch.better')}>
        {better.map(({ item, after }) => (
          <li key={item.id} className={classes['line']}>
            <HealthTag health={{ now: after }} />
            <ItemLink item={item} />
          </li>
        ))}
      </Part>
    )}
    {items.length > 0 && (
      <details className={classes['more']}>
        <summary>{say('map.items', { count: items.length })}</summary>
        <ul className={classes['list']}>
          {items.slice(0, 100).map((one) => (
            <li key={one.item.id} className={classes['affected']}>
              <div className={classes['line']}>
                <HealthTag health={{ now: one.health }} />
                <ItemLink item={one.item} />
              </div>
              <p className={classes['way']}>{sentenceOf(one.sentence, one.item)}</p>
            </li>
          ))}
        </ul>
      </details>
    )}
    {outages.length > 0 && (
      <Part title={say('branch.outages')}>
        {outages.map(({ item, health, reason, until }) => (
          <li key={item.id} className={classes['line']}>
            <HealthTag health={{ now: health }} />
            <ItemLink item={item} />
            <span className={classes['quiet']}>
              {reason}
              {until !== null && ` ${say('branch.untilTime', { until: stretchEnd(until) })}`}
            </span>
          </li>
        ))}
      </Part>
    )}
    {cut !== null && <p className={classes['quiet']}>{sentence(cut.sentence)}.</p>}
  </>
)

const stretchEnd = (until: string): string => wallOf(until, readerZone().timeZone).replace('T', ' ')
