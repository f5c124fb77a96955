import type { Level } from '@evenkeel/contract/incident'
import { itemEffects, type ItemEffect } from '@evenkeel/contract/record-item'
import { Button } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { sentence } from '../../ui/fault.tsx'
import { SmallButton } from '../../ui/small-button.tsx'
import { type FoundItem, ItemFinder } from './incident.item-finder.tsx'
import classes from './incident.raise-page.module.css'
import { effectOf } from './incident.items.tsx'

export type RaisedItem = FoundItem & { readonly effect: ItemEffect }

const most = 100

/** What it happens to, with what that makes of it before it is raised. */
export const RaiseItems = ({
  items,
  requester,
  mine,
  weighed,
  onChange,
}: {
  readonly items: readonly RaisedItem[]
  readonly requester: { readonly id: string; readonly name: string }
  readonly mine: boolean
  readonly weighed: { readonly serviceId: string | null; readonly impact: Level; readonly urgency: Level }
  readonly onChange: (items: readonly RaisedItem[]) => void
}) => {
  const { data: owned } = useQuery({
    queryKey: ['items', 'owned', requester.id],
    queryFn: () =>
      client.listItems({
        query: { limit: 6, filter: JSON.stringify({ field: 'owner', op: '=', value: requester.id }) },
      }),
    retry: false,
    staleTime: 60_000,
  })
  const named = new Set(items.map(({ id }) => id))
  const offered = (owned?.rows ?? []).filter(({ id }) => !named.has(id))
  const add = ({ id, name, classLabel }: FoundItem): void => {
    if (!named.has(id) && items.length < most) onChange([...items, { id, name, classLabel, effect: 'down' }])
  }
  return (
    <section className={classes['items']} aria-label={say('incident.items')}>
      <ItemFinder
        // Each that is chosen goes below, and the field is empty again.
        key={items.length}
        label={say('raise.items')}
        description={say('raise.itemsHint')}
        except={[...named]}
        value={null}
        onChoose={(item) => {
          if (item !== null) add(item)
        }}
      />
      {offered.length > 0 && (
        <div className={classes['owned']}>
          <span className={classes['quiet']}>
            {mine ? say('raise.itemsMine') : say('raise.itemsOf', { name: requester.name })}
          </span>
          {offered.map((item) => (
            <Button
              key={item.id}
              size="compact-xs"
              variant="default"
              leftSection={<Plus size={12} aria-hidden />}
              onClick={() => add(item)}
            >
              {item.name}
            </Button>
          ))}
        </div>
      )}
      {items.length > 0 && (
        <ul className={classes['itemRows']}>
          {items.map((item) => (
            <li key={item.id} className={classes['itemRow']}>
              <span className={classes['itemName']} title={item.name}>
                <bdi>{item.name}</bdi> <span className={classes['quiet']}>{item.classLabel}</span>
              </span>
              <select
                className={classes['effect']}
                aria-label={say('incident.items.effect', { name: item.name })}
                value={item.effect}
                onChange={(event) => {
                  const effect = effectOf(event.currentTarget.value)
                  if (effect !== undefined)
                    onChange(items.map((one) => (one.id === item.id ? { ...one, effect } : one)))
                }}
              >
                {itemEffects.map((effect) => (
                  <option key={effect} value={effect}>
                    {say(`incident.items.${effect}`)}
                  </option>
                ))}
              </select>
              <SmallButton
                label={say('incident.items.drop', { name: item.name })}
                onClick={() => onChange(items.filter(({ id }) => id !== item.id))}
              >
                <X size={14} aria-hidden />
              </SmallButton>
            </li>
          ))}
        </ul>
      )}
      <Weight items={items} weighed={weighed} />
    </section>
  )
}

/** What the items make of it, as the server weighs them. */
const Weight = ({ items, weighed }: Pick<Parameters<typeof RaiseItems>[0], 'items' | 'weighed'>) => {
  const body = { ...weighed, items: items.map(({ id, effect }) => ({ id, effect })) }
  const asks = items.some(({ effect }) => effect !== 'involved')
  const { data } = useQuery({
    queryKey: ['incidents', 'weigh', JSON.stringify(body)],
    queryFn: () => client.weighIncident({ body }),
    enabled: asks,
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <p
      role="status"
      className={classes['weight']}
      data-risen={(data?.impact ?? 3) < weighed.impact || undefined}
    >
      {asks && data !== undefined && (
        <>
          {data.sentences.length === 0
            ? say('raise.weighsNothing')
            : `${data.sentences.slice(0, 3).map(sentence).join('. ')}${data.sentences.length > 3 ? ` ${say('raise.andMore', { count: data.sentences.length - 3 })}` : ''}.`}{' '}
          <strong>
            {say(data.impact < weighed.impact ? 'raise.weighsMore' : 'raise.weighsAsSaid', {
              impact: say(`level.${data.impact}`),
              priority: say(`priority.${data.priority}`),
            })}
          </strong>
        </>
      )}
    </p>
  )
}
