import type { PasskeyRow } from '@evenkeel/contract/credential'
import { Button, Skeleton, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Check from 'lucide-react/icons/check'
import Fingerprint from 'lucide-react/icons/fingerprint-pattern'
import { type FormEvent, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { canUsePasskeys, createPasskey, isGivenUp, isThereAlready } from '../../parts/passkey.ts'
import { withProof } from '../../parts/proof.tsx'
import { sessionQuery } from '../../parts/session.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { EditableText } from '../../ui/edit-in-place.tsx'
import { Fault } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { deviceOf } from './profile.device.ts'
import { Dialog } from '../../ui/dialog.tsx'
import classes from './profile.module.css'

const key = ['me', 'passkeys'] as const

/** Passkeys: added here, named so that one can tell them apart, removed when a device is gone. */
export const Passkeys = () => {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: () => client.listPasskeys() })
  const [adding, setAdding] = useState(false)
  const [added, setAdded] = useState(false)
  const [removing, setRemoving] = useState<PasskeyRow>()
  const changed = async (): Promise<void> => {
    await queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
  }
  return (
    <section className={classes['part']} aria-labelledby="passkeys">
      <header className={classes['partHead']}>
        <h2 id="passkeys" className={classes['partTitle']}>
          {say('passkey.title')}
        </h2>
        <p className={classes['about']}>{say('passkey.hint')}</p>
      </header>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton height={64} />}
      {data !== undefined && data.rows.length > 0 && (
        <ul className={classes['rows']}>
          {data.rows.map((row) => (
            <Row key={row.id} row={row} onChanged={changed} onRemove={() => setRemoving(row)} />
          ))}
        </ul>
      )}
      <div role="status" className={classes['status']}>
        {added && (
          <p className={classes['done']}>
            <Check size={16} aria-hidden />
            {say('passkey.added')}
          </p>
        )}
      </div>
      {canUsePasskeys() ? (
        <div className={classes['buttons']}>
          <Button variant="default" onClick={() => setAdding(true)}>
            {say('passkey.add')}
          </Button>
        </div>
      ) : (
        <p className={classes['about']}>{say('passkey.notHere')}</p>
      )}
      {adding && (
        <AddPasskey
          onClose={() => setAdding(false)}
          onAdded={async () => {
            setAdding(false)
            setAdded(true)
            await changed()
          }}
        />
      )}
      {removing !== undefined && (
        <Confirm
          title={say('passkey.removeNamed', { name: removing.name })}
          text={say('passkey.removeText')}
          action={say('passkey.remove')}
          onClose={() => setRemoving(undefined)}
          onConfirm={async () => {
            await withProof(() => client.removePasskey({ params: { id: removing.id } }))
            await changed()
          }}
        />
      )}
    </section>
  )
}

const Row = ({
  row,
  onChanged,
  onRemove,
}: {
  readonly row: PasskeyRow
  readonly onChanged: () => Promise<void>
  readonly onRemove: () => void
}) => (
  <li className={classes['row']}>
    <Fingerprint size={18} aria-hidden />
    <div className={classes['words']}>
      <EditableText
        label={say('passkey.renameNamed', { name: row.name })}
        value={row.name}
        editable
        required
        maxLength={80}
        onSave={async (name) => {
          await client.renamePasskey({ params: { id: row.id }, body: { name } })
          await onChanged()
        }}
      >
        <span className={classes['name']}>{row.name}</span>
      </EditableText>
      <span className={classes['detail']}>
        {row.lastUsedAt === null ? (
          say('passkey.neverUsed')
        ) : (
          <>
            {say('passkey.lastUsed')} <RelativeTime at={row.lastUsedAt} />
          </>
        )}
      </span>
    </div>
    <Button
      size="compact-sm"
      variant="default"
      aria-label={say('passkey.removeNamed', { name: row.name })}
      onClick={onRemove}
    >
      {say('passkey.remove')}
    </Button>
  </li>
)

const AddPasskey = ({
  onClose,
  onAdded,
}: {
  readonly onClose: () => void
  readonly onAdded: () => Promise<void>
}) => {
  const [name, setName] = useState(() => deviceOf(navigator.userAgent)?.system ?? say('passkey.suggested'))
  const add = useMutation({
    mutationFn: async () => {
      const { ceremony, options } = await withProof(() => client.passkeyRegistrationOptions())
      const credential = await createPasskey(options)
      await withProof(() => client.registerPasskey({ body: { ceremony, name: name.trim(), credential } }))
    },
    onSuccess: onAdded,
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.mutate()
  }
  return (
    <Dialog onClose={onClose} title={say('passkey.add')} size="sm">
      <form className={classes['dialog']} onSubmit={submit}>
        <TextInput
          label={say('passkey.name')}
          description={say('passkey.nameHint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          withAsterisk={false}
          maxLength={80}
          data-autofocus
        />
        {add.isError &&
          !isGivenUp(add.error) &&
          (isThereAlready(add.error) ? (
            <p role="alert" className={classes['about']}>
              {say('passkey.thereAlready')}
            </p>
          ) : (
            <Fault error={add.error} />
          ))}
        <div className={classes['end']}>
          <Button variant="default" onClick={onClose}>
            {say('dialog.back')}
          </Button>
          <Button type="submit" loading={add.isPending}>
            {say('passkey.add')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
