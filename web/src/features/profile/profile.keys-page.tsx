import { permissions, type Permission } from '@evenkeel/contract/permission'
import type { ApiKeyRow } from '@evenkeel/contract/session'
import { Anchor, Button, Checkbox, CopyButton, Select, Skeleton, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import KeyRound from 'lucide-react/icons/key-round'
import { type FormEvent, useId, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { withProof } from '../../parts/proof.tsx'
import { useMe } from '../../parts/session.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Fault, sentence } from '../../ui/fault.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Secret } from '../../ui/secret.tsx'
import classes from './profile.module.css'

const key = ['me', 'keys'] as const
const usualDays = 90
/** What the security policy allows of the usual lives of a key, and the longest it allows where that is shorter than a year. */
const lifetimesWithin = (most: number): readonly number[] => {
  const usual = [30, 90, 365].filter((days) => days <= most)
  return most >= 365 || usual.includes(most) ? usual : [...usual, most]
}
const dayMilliseconds = 86_400_000

/** Keys that let programs act in my name. */
export const KeysPage = () => {
  usePageTitle(say('apiKey.title'))
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: () => client.listApiKeys() })
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<ApiKeyRow>()
  const create = (
    <Button variant="default" onClick={() => setCreating(true)}>
      {say('apiKey.create')}
    </Button>
  )
  return (
    <div className={classes['page']}>
      <header className={classes['head']}>
        <h1 className={classes['title']}>{say('apiKey.title')}</h1>
        <p className={classes['about']}>{say('apiKey.about')}</p>
      </header>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton height={64} />}
      {data?.rows.length === 0 && (
        <Empty icon={<KeyRound size={20} aria-hidden />} title={say('apiKey.none')} action={create}>
          {say('apiKey.noneText')}
        </Empty>
      )}
      {data !== undefined && data.rows.length > 0 && (
        <section className={classes['part']} aria-label={say('apiKey.title')}>
          <ul className={classes['rows']}>
            {data.rows.map((row) => (
              <Row key={row.id} row={row} onRevoke={() => setRevoking(row)} />
            ))}
          </ul>
          <div className={classes['buttons']}>{create}</div>
        </section>
      )}
      <p className={classes['about']}>
        <Anchor href="/api/docs" target="_blank" size="sm" underline="always">
          {say('apiKey.manual')}
        </Anchor>
      </p>
      {creating && (
        <CreateKey
          onClose={() => setCreating(false)}
          onCreated={() => queries.invalidateQueries({ queryKey: key })}
        />
      )}
      {revoking !== undefined && (
        <Confirm
          title={say('apiKey.revokeNamed', { name: revoking.name })}
          text={say('apiKey.revokeText')}
          action={say('apiKey.revoke')}
          onClose={() => setRevoking(undefined)}
          onConfirm={async () => {
            await client.revokeApiKey({ params: { id: revoking.id } })
            await queries.invalidateQueries({ queryKey: key })
          }}
        />
      )}
    </div>
  )
}

const isPermission = (name: string): name is Permission => Object.hasOwn(permissions, name)

const Row = ({ row, onRevoke }: { readonly row: ApiKeyRow; readonly onRevoke: () => void }) => (
  <li className={classes['row']}>
    <KeyRound size={18} aria-hidden />
    <div className={classes['words']}>
      <span className={classes['name']}>{row.name}</span>
      <span
        className={classes['detail']}
        title={row.permissions
          .map((name) => (isPermission(name) ? say(`permission.${name}`) : name))
          .join('\n')}
      >
        {say('apiKey.permissionsCount', { count: row.permissions.length })}
        {' · '}
        {row.lastUsedAt === null ? (
          say('apiKey.neverUsed')
        ) : (
          <>
            {say('apiKey.lastUsed')} <RelativeTime at={row.lastUsedAt} />
          </>
        )}
        {' · '}
        {say('apiKey.expires')} <RelativeTime at={row.expiresAt} />
      </span>
    </div>
    <Button
      size="compact-sm"
      variant="default"
      aria-label={say('apiKey.revokeNamed', { name: row.name })}
      onClick={onRevoke}
    >
      {say('apiKey.revoke')}
    </Button>
  </li>
)

const CreateKey = ({
  onClose,
  onCreated,
}: {
  readonly onClose: () => void
  readonly onCreated: () => Promise<unknown>
}) => {
  const create = useMutation({
    mutationFn: (body: { name: string; permissions: Permission[]; expiresAt: string }) =>
      withProof(() => client.createApiKey({ body })),
    onSuccess: onCreated,
  })
  return (
    <Dialog
      onClose={onClose}
      title={say('apiKey.create')}
      withCloseButton={create.data === undefined}
      // A secret that is shown once is not closed by a slip of the hand.
      closeOnEscape={create.data === undefined}
      closeOnClickOutside={create.data === undefined}
    >
      {create.data === undefined ? (
        <KeyForm
          running={create.isPending}
          fault={create.isError ? create.error : undefined}
          onClose={onClose}
          onCreate={create.mutate}
        />
      ) : (
        <KeyOnce secret={create.data.secret} onDone={onClose} />
      )}
    </Dialog>
  )
}

const KeyForm = ({
  running,
  fault,
  onClose,
  onCreate,
}: {
  readonly running: boolean
  readonly fault: unknown
  readonly onClose: () => void
  readonly onCreate: (body: { name: string; permissions: Permission[]; expiresAt: string }) => void
}) => {
  const me = useMe()
  const label = useId()
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<readonly Permission[]>([])
  const offered = lifetimesWithin(me.rules.keyDays)
  const [days, setDays] = useState(() => offered.findLast((one) => one <= usualDays) ?? offered[0] ?? 1)
  const [tried, setTried] = useState(false)
  const own = me.permissions.map(({ permission }) => permission)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (chosen.length === 0) return
    onCreate({
      name: name.trim(),
      permissions: [...chosen],
      // A minute less, so that a year is not more than a year by the time it arrives.
      expiresAt: new Date(Date.now() + days * dayMilliseconds - 60_000).toISOString(),
    })
  }
  return (
    <form className={classes['dialog']} onSubmit={submit}>
      <TextInput
        label={say('apiKey.name')}
        description={say('apiKey.nameHint')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
        withAsterisk={false}
        maxLength={80}
        data-autofocus
      />
      <Select
        label={say('apiKey.expiresIn')}
        data={offered.map((count) => ({ value: String(count), label: say('apiKey.days', { count }) }))}
        value={String(days)}
        allowDeselect={false}
        onChange={(value) => setDays(Number(value))}
      />
      <div role="group" aria-labelledby={label}>
        <div className={classes['partHead']}>
          <span id={label} className={classes['name']}>
            {say('apiKey.permissions')}
          </span>
          <Checkbox
            size="xs"
            label={say('apiKey.all')}
            checked={chosen.length === own.length}
            indeterminate={chosen.length > 0 && chosen.length < own.length}
            onChange={(event) => setChosen(event.currentTarget.checked ? own : [])}
          />
        </div>
        <div className={classes['permissions']} tabIndex={0} role="group" aria-labelledby={label}>
          {own.map((permission) => (
            <Checkbox
              key={permission}
              size="xs"
              label={sentence(say(`permission.${permission}`))}
              checked={chosen.includes(permission)}
              onChange={(event) =>
                setChosen(
                  event.currentTarget.checked
                    ? [...chosen, permission]
                    : chosen.filter((one) => one !== permission),
                )
              }
            />
          ))}
        </div>
        {tried && chosen.length === 0 && (
          <p role="alert" className={classes['fault']}>
            {say('apiKey.permissionsMissing')}
          </p>
        )}
      </div>
      {fault !== undefined && <Fault error={fault} />}
      <div className={classes['end']}>
        <Button variant="default" onClick={onClose}>
          {say('dialog.back')}
        </Button>
        <Button type="submit" loading={running}>
          {say('apiKey.create')}
        </Button>
      </div>
    </form>
  )
}

const KeyOnce = ({ secret, onDone }: { readonly secret: string; readonly onDone: () => void }) => (
  <div className={classes['dialog']}>
    <p className={classes['about']}>{say('apiKey.secretText')}</p>
    <Secret label={say('apiKey.secret')}>{secret}</Secret>
    <div className={classes['end']}>
      <CopyButton value={secret}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy} data-autofocus>
            {copied ? say('apiKey.copied') : say('apiKey.copy')}
          </Button>
        )}
      </CopyButton>
      <Button onClick={onDone}>{say('apiKey.done')}</Button>
    </div>
  </div>
)
