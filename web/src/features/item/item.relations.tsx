import {
  type ItemPage,
  type ItemRef,
  relationTypes,
  type RelationType,
  type RelationView,
} from '@evenkeel/contract/item'
import { Button, Select, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { instantOf } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { sentence } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { RowButton } from '../../ui/plain-table.tsx'
import { Nothing, Section } from '../../ui/settings-page.tsx'
import { itemKey, itemsKey } from './item.api.ts'
import { ItemPicker } from './item.picker.tsx'
import classes from './item.relations.module.css'
import { hasHealth, HealthTag } from './item.words.tsx'

/** What an item has to do with others, in words, the same words together. */
export const Relations = ({ item }: { readonly item: ItemPage }) => {
  const [adding, setAdding] = useState(false)
  const [ending, setEnding] = useState<RelationView>()
  const groups = Map.groupBy(item.relations, ({ type, direction }) => `${type} ${direction}`)
  return (
    <Section
      title={say('item.relations')}
      flush
      actions={
        item.mayEdit && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Plus size={14} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            {say('item.relate')}
          </Button>
        )
      }
    >
      {item.quorum !== null && (
        <p className={classes['quorum']} data-gone={item.quorum.spare < 0 || undefined}>
          {sentence(item.quorum.sentence)}.
        </p>
      )}
      {item.availability !== null && (
        <p className={classes['quorum']}>{sentence(item.availability.sentence)}.</p>
      )}
      {item.relations.length === 0 && (
        <Nothing>{say(hasHealth(item) ? 'item.noRelations' : 'item.noRelationsOfPaper')}</Nothing>
      )}
      {[...groups].map(([key, relations]) => (
        <div key={key} className={classes['group']}>
          <h3 className={classes['words']}>{relations[0]?.words}</h3>
          <ul className={classes['list']}>
            {relations.map((relation) => (
              <li key={relation.id} className={classes['row']}>
                <Link to="/items/$id" params={{ id: relation.item.id }} className={classes['name'] ?? ''}>
                  {relation.item.name}
                </Link>
                <span className={classes['class']}>{relation.item.classLabel}</span>
                <HealthTag health={relation.health} />
                {item.mayEdit && (
                  <RowButton
                    label={say('item.endRelationTo', { words: relation.words, name: relation.item.name })}
                    onPress={() => setEnding(relation)}
                  >
                    {say('item.end')}
                  </RowButton>
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
      {item.moreRelations && <Nothing>{say('item.moreRelations')}</Nothing>}
      {adding && <RelateDialog item={item} onClose={() => setAdding(false)} />}
      {ending !== undefined && (
        <EndDialog item={item} relation={ending} onClose={() => setEnding(undefined)} />
      )}
    </Section>
  )
}

/** What a relation is called from either end; what reads the same from both is there once. */
export const phrases = (): readonly { readonly value: string; readonly label: string }[] =>
  relationTypes.flatMap((type) => [
    { value: `${type} out`, label: say(`item.relation.${type}`) },
    ...(type === 'connected_to' ? [] : [{ value: `${type} in`, label: say(`item.relationIn.${type}`) }]),
  ])

const RelateDialog = ({ item, onClose }: { readonly item: ItemPage; readonly onClose: () => void }) => {
  const queries = useQueryClient()
  const [phrase, setPhrase] = useState('depends_on out')
  const [other, setOther] = useState<ItemRef | null>(null)
  const [since, setSince] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  const { timeZone } = readerZone()
  return (
    <FormDialog
      title={say('item.relateTitle', { name: item.name })}
      submit={say('item.relate')}
      ready={other !== null}
      onClose={onClose}
      onSubmit={async () => {
        if (other === null) return
        const [type, direction] = phrase.split(' ')
        const found = relationTypes.find((one) => one === type) ?? 'depends_on'
        const [from, to] = direction === 'in' ? [other.id, item.id] : [item.id, other.id]
        await relate(from, found, to, since === '' ? undefined : instantOf(since, timeZone), key)
        await queries.invalidateQueries({ queryKey: itemKey(item.id) })
        void queries.invalidateQueries({ queryKey: itemKey(other.id) })
        void queries.invalidateQueries({ queryKey: itemsKey })
      }}
    >
      <Select
        label={say('item.relationWords', { name: item.name })}
        data={[...phrases()]}
        value={phrase}
        allowDeselect={false}
        data-autofocus
        onChange={(value) => setPhrase(value ?? 'depends_on out')}
      />
      <div>
        <div className={classes['label']}>{say('item.otherItem')}</div>
        <div className={classes['picker']}>
          <ItemPicker
            label={say('item.otherItem')}
            value={other?.id ?? null}
            without={item.id}
            onChoose={setOther}
          >
            {other === null ? <span className={classes['class']}>{say('item.choose')}</span> : other.name}
          </ItemPicker>
        </div>
      </div>
      <TextInput
        type="datetime-local"
        label={say('item.since')}
        description={say('item.sinceHint')}
        value={since}
        onChange={(event) => setSince(event.currentTarget.value)}
      />
    </FormDialog>
  )
}

const relate = (
  id: string,
  type: RelationType,
  toId: string,
  validFrom: string | undefined,
  idempotencyKey: string,
): Promise<unknown> =>
  client.relateItem({
    params: { id },
    body: { type, toId, ...(validFrom === undefined ? {} : { validFrom }) },
    idempotencyKey,
  })

const endings = ['now', 'at', 'never'] as const

const EndDialog = ({
  item,
  relation,
  onClose,
}: {
  readonly item: ItemPage
  readonly relation: RelationView
  readonly onClose: () => void
}) => {
  const queries = useQueryClient()
  const [ending, setEnding] = useState<(typeof endings)[number]>('now')
  const [at, setAt] = useState('')
  const { timeZone } = readerZone()
  return (
    <FormDialog
      title={say('item.endTitle', { name: item.name, words: relation.words, other: relation.item.name })}
      submit={say('item.end')}
      ready={ending !== 'at' || at !== ''}
      onClose={onClose}
      onSubmit={async () => {
        await client.endItemRelation({
          params: { id: item.id, relationId: relation.id },
          body: {
            never: ending === 'never',
            ...(ending === 'at' ? { validTo: instantOf(at, timeZone) } : {}),
          },
        })
        await queries.invalidateQueries({ queryKey: itemKey(item.id) })
        void queries.invalidateQueries({ queryKey: itemKey(relation.item.id) })
        void queries.invalidateQueries({ queryKey: itemsKey })
      }}
    >
      <Select
        label={say('item.endHow')}
        description={say(`item.endHint.${ending}`)}
        data={endings.map((value) => ({ value, label: say(`item.end.${value}`) }))}
        value={ending}
        allowDeselect={false}
        data-autofocus
        onChange={(value) => setEnding(endings.find((one) => one === value) ?? 'now')}
      />
      {ending === 'at' && (
        <TextInput
          type="datetime-local"
          label={say('item.endedAt')}
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  )
}
