import { Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Fault } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { itemKey, itemsKey } from './item.api.ts'
import classes from './item.conflicts-page.module.css'
import { ItemPicker } from './item.picker.tsx'
import { ReasonField } from './item.reason-field.tsx'

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
          <ReasonField value={reason} onChange={setReason} />
        </>
      )}
    </FormDialog>
  )
}
