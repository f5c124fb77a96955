import { NativeSelect, Skeleton, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ItemPage } from '@evenkeel/contract/item'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Fault } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { itemKey, itemsKey } from './item.api.ts'
import classes from './item.conflicts-page.module.css'
import { ItemPicker } from './item.picker.tsx'

type Side = { readonly id: string; readonly name: string; readonly version: number }
type Other = Pick<Side, 'id' | 'name'>

/** Two items were one all along: what would be believed, what comes along, and then it is done. */
export const MergeDialog = ({
  into,
  from,
  onClose,
  onDone,
}: {
  /** What stays. */
  readonly into: Side
  /** What goes into it; asked for when nobody said. */
  readonly from?: Other
  readonly onClose: () => void
  readonly onDone?: () => void
}) => {
  const queries = useQueryClient()
  const [other, setOther] = useState<Other | undefined>(from)
  const [reason, setReason] = useState('')
  const { data, error } = useQuery({
    queryKey: [...itemsKey, 'merge', into.id, other?.id ?? ''],
    queryFn: () => client.previewMerge({ params: { id: into.id }, body: { fromId: other?.id ?? '' } }),
    enabled: other !== undefined,
    retry: false,
  })
  return (
    <FormDialog
      title={say('merge.title', { name: into.name })}
      submit={say('merge.do')}
      size="lg"
      ready={other !== undefined && data !== undefined}
      onClose={onClose}
      onSubmit={async () => {
        if (other === undefined) return
        await client.mergeItems({
          params: { id: into.id },
          version: into.version,
          body: { fromId: other.id, reason: reason.trim() },
        })
        await queries.invalidateQueries({ queryKey: itemKey(into.id) })
        void queries.invalidateQueries({ queryKey: itemKey(other.id) })
        void queries.invalidateQueries({ queryKey: itemsKey })
        onDone?.()
      }}
    >
      {from === undefined && (
        <ItemPicker
          label={say('merge.other')}
          value={other?.id ?? null}
          without={into.id}
          onChoose={(item) => setOther(item ?? undefined)}
        >
          {other?.name ?? say('merge.choose')}
        </ItemPicker>
      )}
      {error !== null && <Fault error={error} />}
      {other !== undefined && data === undefined && error === null && <Skeleton height={120} />}
      {other !== undefined && data !== undefined && (
        <>
          <p className={classes['why']}>
            {say('merge.text', { from: other.name, into: into.name })}{' '}
            {say('merge.along', { relations: data.relations, records: data.records })}{' '}
            {data.identifiers.length > 0 &&
              say('merge.identifiers', {
                list: data.identifiers.map(({ source, externalId }) => `${source} ${externalId}`).join(', '),
              })}
          </p>
          <div className={classes['scroll']}>
            <table className={classes['table']}>
              <caption className="visually-hidden">{say('merge.values')}</caption>
              <thead>
                <tr>
                  <td />
                  <th scope="col">{into.name}</th>
                  <th scope="col">{other.name}</th>
                  <th scope="col">{say('merge.after')}</th>
                </tr>
              </thead>
              <tbody>
                {data.values.map(({ key, label, here, there, after }) => (
                  <tr key={key}>
                    <th scope="row">{key === 'name' ? say('item.name') : label}</th>
                    <td>{here === '' ? '–' : here}</td>
                    <td>{there === '' ? '–' : there}</td>
                    <td data-differs={after !== here || undefined}>{after === '' ? '–' : after}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Textarea
            label={say('item.reason')}
            description={say('item.reasonText')}
            value={reason}
            maxLength={500}
            autosize
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </>
      )}
    </FormDialog>
  )
}

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
          <table className={classes['table']}>
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
      <Textarea
        label={say('item.reason')}
        description={say('item.reasonText')}
        value={reason}
        maxLength={500}
        autosize
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
