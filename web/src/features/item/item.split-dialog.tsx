import type { ItemPage } from '@evenkeel/contract/item'
import { NativeSelect, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { itemKey, itemsKey } from './item.api.ts'
import classes from './item.conflicts-page.module.css'
import { ReasonField } from './item.reason-field.tsx'

/** One item was two: what a source says of it becomes another one. */
export const SplitDialog = ({
  item,
  onClose,
  onDone,
}: {
  readonly item: ItemPage
  readonly onClose: () => void
  readonly onDone: (id: string) => void
}) => {
  const queries = useQueryClient()
  const said = item.attributes.flatMap(({ label, value, others }) =>
    [value, ...others].flatMap((one) => (one === null ? [] : [{ label, ...one }])),
  )
  const sources = [
    ...new Map([...said, ...item.seen].map(({ source, sourceLabel }) => [source, sourceLabel] as const)),
  ].map(([value, label]) => ({ value, label }))
  const [source, setSource] = useState(
    sources.find(({ value }) => value !== 'hand')?.value ?? sources[0]?.value ?? '',
  )
  const [name, setName] = useState('')
  const [reason, setReason] = useState('')
  const moving = said.filter((one) => one.source === source)
  const relations = item.relations.filter((one) => one.source === source)
  const identifiers = item.seen.filter((one) => one.source === source && one.externalId !== '')
  return (
    <FormDialog
      title={say('split.title', { name: item.name })}
      submit={say('split.do')}
      size="lg"
      ready={name.trim() !== '' && source !== ''}
      onClose={onClose}
      onSubmit={async () => {
        const { newId } = await client.splitItem({
          params: { id: item.id },
          version: item.version,
          body: { source, name: name.trim(), reason: reason.trim() },
        })
        await queries.invalidateQueries({ queryKey: itemKey(item.id) })
        void queries.invalidateQueries({ queryKey: itemsKey })
        onDone(newId)
      }}
    >
      <NativeSelect
        label={say('split.source')}
        description={say('split.sourceText')}
        value={source}
        data={sources}
        onChange={(event) => setSource(event.currentTarget.value)}
      />
      <TextInput
        label={say('split.name')}
        value={name}
        maxLength={120}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <p className={classes['why']}>
        {say('split.text', { values: moving.length, relations: relations.length })}{' '}
        {identifiers.length > 0 &&
          say('merge.identifiers', { list: identifiers.map(({ externalId }) => externalId).join(', ') })}
      </p>
      {moving.length > 0 && (
        <div className={classes['scroll']}>
          <table className={classes['table']} data-narrow>
            <caption className="visually-hidden">{say('split.values')}</caption>
            <tbody>
              {moving.map(({ label, text }) => (
                <tr key={`${label} ${text}`}>
                  <th scope="row">{label}</th>
                  <td>{text}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ReasonField value={reason} onChange={setReason} />
    </FormDialog>
  )
}
