import { type IdentificationRule, ItemSource, type ItemSources } from '@evenkeel/contract/item-class'
import { Button, MultiSelect, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import Plus from 'lucide-react/icons/plus'
import Trash2 from 'lucide-react/icons/trash-2'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { SmallButton } from '../../ui/small-button.tsx'
import { keyFor } from './policy.classes.ts'
import classes from './policy.classes.module.css'

type Props = {
  readonly policy: ItemSources
  readonly editable: boolean
  readonly onChange: (policy: ItemSources) => void
}

const classesQuery = {
  queryKey: ['item-classes'],
  queryFn: () => client.listItemClasses(),
  staleTime: 300_000,
}
const figuresQuery = { queryKey: ['item-sources', 'figures'], queryFn: () => client.readSourceFigures() }

/** A list with one thing moved up or down. */
const moved = <One,>(list: readonly One[], at: number, by: 1 | -1): One[] => {
  const [one] = list.slice(at, at + 1)
  return one === undefined ? [...list] : list.toSpliced(at, 1).toSpliced(at + by, 0, one)
}

/** Which source is believed, of which attribute, for how long, and how things are recognized. */
export const SourcesEditor = ({ policy, editable, onChange }: Props) => {
  const { data: known } = useQuery(classesQuery)
  const attributes = new Map<string, string>([
    ['name', say('item.name')],
    ['state', say('item.state')],
    ...(known?.classes ?? []).flatMap((one) => one.attributes.map(({ key, label }) => [key, label] as const)),
  ])
  const choices = [...attributes].map(([value, label]) => ({ value, label }))
  const classChoices = (known?.classes ?? []).map(({ key, label }) => ({ value: key, label }))
  return (
    <>
      <Order policy={policy} editable={editable} onChange={onChange} />
      <Precedence
        policy={policy}
        editable={editable}
        attributes={choices}
        ofClasses={classChoices}
        onChange={onChange}
      />
      <Identification
        rules={policy.identification}
        editable={editable}
        attributes={choices}
        ofClasses={classChoices}
        onChange={(identification) => onChange({ ...policy, identification: [...identification] })}
      />
    </>
  )
}

const Order = ({ policy, editable, onChange }: Props) => {
  const me = useMe()
  const { data: figures } = useQuery({ ...figuresQuery, enabled: mayAtAll(me, 'item.manage') })
  const [label, setLabel] = useState('')
  const [told, setTold] = useState('')
  const { sources } = policy
  const set = (next: readonly ItemSource[]): void => onChange({ ...policy, sources: [...next] })
  const add = (): void => {
    const taken = new Set(sources.map(({ name }) => name))
    set([
      ...sources,
      ItemSource.parse({ name: keyFor(label, new Set([...taken, 'hand', 'import'])), label: label.trim() }),
    ])
    setLabel('')
  }
  return (
    <section className={classes['one']} aria-label={say('sources.order')}>
      <h2 className={classes['title']}>{say('sources.order')}</h2>
      <p className={classes['quiet']}>{say('sources.orderText')}</p>
      <p className="visually-hidden" role="status">
        {told}
      </p>
      <ol className={classes['attributes']}>
        {sources.map((source, at) => {
          const figure = figures?.sources.find(({ name }) => name === source.name)
          return (
            <li key={source.name}>
              <div className={classes['words']}>
                <span className={classes['name']}>
                  {at + 1}. {source.label}
                </span>
                <span className={classes['quiet']}>
                  {source.name}
                  {figure !== undefined && (
                    <>
                      {' · '}
                      {figure.items === 0 ? (
                        say('sources.never')
                      ) : (
                        <>
                          {say('sources.items', { count: figure.items })}
                          {figure.lastAt !== null && (
                            <>
                              {' · '}
                              {say('sources.last')} <RelativeTime at={figure.lastAt} />
                            </>
                          )}
                          {' · '}
                          {say('sources.wonLost', { won: figure.won, lost: figure.lost })}
                          {figure.silent > 0 && (
                            <>
                              {' · '}
                              <Link to="/items/model" search={{ measure: 'stale' }}>
                                {say('sources.silent', { count: figure.silent })}
                              </Link>
                            </>
                          )}
                          {figure.waiting > 0 && (
                            <>
                              {' · '}
                              <Link to="/items/conflicts" search={{ source: source.name }}>
                                {say('sources.waiting', { count: figure.waiting })}
                              </Link>
                            </>
                          )}
                        </>
                      )}
                    </>
                  )}
                </span>
                <NumberInput
                  label={say('sources.stale')}
                  description={
                    source.staleAfterDays === null
                      ? say('sources.staleNever')
                      : say('sources.staleAfter', { days: source.staleAfterDays })
                  }
                  value={source.staleAfterDays ?? ''}
                  placeholder={say('sources.neverStale')}
                  min={1}
                  max={3650}
                  allowDecimal={false}
                  disabled={!editable}
                  maw={320}
                  onChange={(days) =>
                    set(
                      sources.with(at, {
                        ...source,
                        staleAfterDays: typeof days === 'number' && days >= 1 ? days : null,
                      }),
                    )
                  }
                />
                {source.name !== 'hand' && (
                  <div className={classes['fields']}>
                    <NumberInput
                      label={say('sources.expected')}
                      description={say('sources.expectedText')}
                      value={source.expectedEveryHours ?? ''}
                      placeholder={say('sources.neverStale')}
                      min={1}
                      max={8760}
                      allowDecimal={false}
                      disabled={!editable}
                      onChange={(hours) =>
                        set(
                          sources.with(at, {
                            ...source,
                            expectedEveryHours: typeof hours === 'number' && hours >= 1 ? hours : null,
                          }),
                        )
                      }
                    />
                    <NativeSelect
                      label={say('sources.whenGone')}
                      description={say('sources.whenGoneText')}
                      value={source.whenGone}
                      disabled={!editable}
                      data={[
                        { value: 'end', label: say('sources.whenGone.end') },
                        { value: 'stay', label: say('sources.whenGone.stay') },
                      ]}
                      onChange={({ currentTarget: { value } }) =>
                        set(sources.with(at, { ...source, whenGone: value === 'stay' ? 'stay' : 'end' }))
                      }
                    />
                    <NumberInput
                      label={say('sources.askAbove')}
                      description={say('sources.askAboveText')}
                      value={source.askAbovePercent}
                      suffix=" %"
                      min={0}
                      max={100}
                      allowDecimal={false}
                      disabled={!editable}
                      onChange={(percent) => {
                        if (typeof percent === 'number')
                          set(sources.with(at, { ...source, askAbovePercent: percent }))
                      }}
                    />
                  </div>
                )}
              </div>
              {editable && (
                <span className={classes['acts']}>
                  <SmallButton
                    label={say('policy.routing.up', { name: source.label })}
                    disabled={at === 0}
                    onClick={() => {
                      set(moved(sources, at, -1))
                      setTold(say('policy.routing.moved', { name: source.label, place: at }))
                    }}
                  >
                    <ArrowUp size={14} aria-hidden />
                  </SmallButton>
                  <SmallButton
                    label={say('policy.routing.down', { name: source.label })}
                    disabled={at === sources.length - 1}
                    onClick={() => {
                      set(moved(sources, at, 1))
                      setTold(say('policy.routing.moved', { name: source.label, place: at + 2 }))
                    }}
                  >
                    <ArrowDown size={14} aria-hidden />
                  </SmallButton>
                  {source.name !== 'hand' && (
                    <SmallButton
                      label={say('classes.remove', { attribute: source.label })}
                      onClick={() => set(sources.toSpliced(at, 1))}
                    >
                      <Trash2 size={14} aria-hidden />
                    </SmallButton>
                  )}
                </span>
              )}
            </li>
          )
        })}
      </ol>
      {figures !== undefined && <p className={classes['quiet']}>{say('sources.sample')}</p>}
      {editable && (
        <div className={classes['fields']}>
          <TextInput
            label={say('sources.add')}
            description={say('sources.addText')}
            value={label}
            maxLength={80}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <Button
            className={classes['besideField'] ?? ''}
            variant="default"
            disabled={label.trim() === ''}
            leftSection={<Plus size={14} aria-hidden />}
            onClick={add}
          >
            {say('sources.addIt')}
          </Button>
        </div>
      )}
    </section>
  )
}

type Choices = readonly { readonly value: string; readonly label: string }[]

const Precedence = ({
  policy,
  editable,
  attributes,
  ofClasses,
  onChange,
}: Props & { readonly attributes: Choices; readonly ofClasses: Choices }) => {
  const { precedence, sources } = policy
  const names = new Map(sources.map(({ name, label }) => [name, label]))
  const set = (next: ItemSources['precedence']): void => onChange({ ...policy, precedence: next })
  const [first] = attributes
  return (
    <section className={classes['one']} aria-label={say('sources.precedence')}>
      <h2 className={classes['title']}>{say('sources.precedence')}</h2>
      <p className={classes['quiet']}>
        {precedence.length === 0 ? say('sources.precedenceNone') : say('sources.precedenceText')}
      </p>
      <ul className={classes['attributes']}>
        {precedence.map((one, at) => (
          // Two lines may say the same while they are made.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={at}>
            <div className={classes['words']}>
              <div className={classes['fields']}>
                <NativeSelect
                  label={say('sources.attribute')}
                  value={one.attribute}
                  disabled={!editable}
                  data={attributes.map((choice) => ({ ...choice }))}
                  onChange={(event) =>
                    set(precedence.with(at, { ...one, attribute: event.currentTarget.value }))
                  }
                />
                <NativeSelect
                  label={say('sources.ofClass')}
                  value={one.class ?? ''}
                  disabled={!editable}
                  data={[
                    { value: '', label: say('item.allClasses') },
                    ...ofClasses.map((choice) => ({ ...choice })),
                  ]}
                  onChange={({ currentTarget: { value } }) => {
                    const { class: _class, ...rest } = one
                    set(precedence.with(at, value === '' ? rest : { ...rest, class: value }))
                  }}
                />
              </div>
              <ol className={classes['chain']} aria-label={say('sources.believed')}>
                {one.sources.map((name, place) => (
                  <li key={name}>
                    {names.get(name) ?? name}
                    {editable && (
                      <SmallButton
                        label={say('policy.routing.up', { name: names.get(name) ?? name })}
                        disabled={place === 0}
                        onClick={() =>
                          set(precedence.with(at, { ...one, sources: moved(one.sources, place, -1) }))
                        }
                      >
                        <ArrowUp size={14} aria-hidden />
                      </SmallButton>
                    )}
                  </li>
                ))}
              </ol>
            </div>
            {editable && (
              <SmallButton
                label={say('classes.remove', {
                  attribute: attributes.find(({ value }) => value === one.attribute)?.label ?? one.attribute,
                })}
                onClick={() => set(precedence.toSpliced(at, 1))}
              >
                <Trash2 size={14} aria-hidden />
              </SmallButton>
            )}
          </li>
        ))}
      </ul>
      {editable && (
        <Button
          className={classes['begin'] ?? ''}
          variant="default"
          size="compact-md"
          leftSection={<Plus size={14} aria-hidden />}
          disabled={first === undefined || sources.length === 0}
          onClick={() => {
            if (first !== undefined)
              set([...precedence, { attribute: first.value, sources: sources.map(({ name }) => name) }])
          }}
        >
          {say('sources.addPrecedence')}
        </Button>
      )}
    </section>
  )
}

const Identification = ({
  rules,
  editable,
  attributes,
  ofClasses,
  onChange,
}: {
  readonly rules: readonly IdentificationRule[]
  readonly editable: boolean
  readonly attributes: Choices
  readonly ofClasses: Choices
  readonly onChange: (rules: readonly IdentificationRule[]) => void
}) => {
  const free = ofClasses.filter(({ value }) => !rules.some((rule) => rule.class === value))
  const [next] = free
  return (
    <section className={classes['one']} aria-label={say('sources.identification')}>
      <h2 className={classes['title']}>{say('sources.identification')}</h2>
      <p className={classes['quiet']}>{say('sources.identificationText')}</p>
      <ul className={classes['attributes']}>
        {rules.map((rule, at) => {
          const setBy = (by: IdentificationRule['by']): void =>
            onChange(by.length === 0 ? rules.toSpliced(at, 1) : rules.with(at, { ...rule, by }))
          const label = ofClasses.find(({ value }) => value === rule.class)?.label ?? rule.class
          return (
            <li key={rule.class}>
              <div className={classes['words']}>
                <NativeSelect
                  label={say('sources.ofClass')}
                  value={rule.class}
                  disabled={!editable}
                  maw={320}
                  data={ofClasses
                    .filter(({ value }) => value === rule.class || free.some((one) => one.value === value))
                    .map((choice) => ({ ...choice }))}
                  onChange={(event) =>
                    onChange(rules.with(at, { ...rule, class: event.currentTarget.value }))
                  }
                />
                <ol className={classes['rules']} aria-label={say('sources.rulesOf', { class: label })}>
                  {rule.by.map((keys, place) => (
                    // A rule has no name but what it is made of, which changes while it is edited.
                    // oxlint-disable-next-line react/no-array-index-key
                    <li key={place}>
                      <MultiSelect
                        aria-label={say('sources.rule', { place: place + 1, class: label })}
                        value={keys}
                        disabled={!editable}
                        searchable
                        data={attributes.map((choice) => ({ ...choice }))}
                        maxValues={5}
                        onChange={(chosen) => {
                          if (chosen.length > 0) setBy(rule.by.with(place, chosen))
                        }}
                      />
                      {editable && (
                        <span className={classes['acts']}>
                          <SmallButton
                            label={say('policy.routing.up', { name: String(place + 1) })}
                            disabled={place === 0}
                            onClick={() => setBy(moved(rule.by, place, -1))}
                          >
                            <ArrowUp size={14} aria-hidden />
                          </SmallButton>
                          <SmallButton
                            label={say('classes.remove', { attribute: String(place + 1) })}
                            onClick={() => setBy(rule.by.toSpliced(place, 1))}
                          >
                            <Trash2 size={14} aria-hidden />
                          </SmallButton>
                        </span>
                      )}
                    </li>
                  ))}
                </ol>
                {editable && rule.by.length < 10 && (
                  <Button
                    className={classes['begin'] ?? ''}
                    variant="subtle"
                    size="compact-sm"
                    leftSection={<Plus size={14} aria-hidden />}
                    onClick={() => setBy([...rule.by, ['name']])}
                  >
                    {say('sources.addRule')}
                  </Button>
                )}
              </div>
            </li>
          )
        })}
      </ul>
      {editable && (
        <Button
          className={classes['begin'] ?? ''}
          variant="default"
          size="compact-md"
          leftSection={<Plus size={14} aria-hidden />}
          disabled={next === undefined}
          onClick={() => {
            if (next !== undefined) onChange([...rules, { class: next.value, by: [['name']] }])
          }}
        >
          {say('sources.addIdentification')}
        </Button>
      )}
    </section>
  )
}
