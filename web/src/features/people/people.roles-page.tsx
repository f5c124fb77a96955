import type { RoleRow } from '@evenkeel/contract/people'
import type { Permission, Scope } from '@evenkeel/contract/permission'
import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import Plus from 'lucide-react/icons/plus'
import { Fragment, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { withProof } from '../../parts/proof.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Fault } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { PlainTable, rowHint, rowLink } from '../../ui/plain-table.tsx'
import { RowsToCome, Section, SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { rolesKey, rolesQuery } from './people.api.ts'
import { byArea } from './people.permissions.ts'
import classes from './people.roles-page.module.css'

const route = getRouteApi('/shell/admin/roles')

/** Roles, and the whole table of what each may do to which rows: what an auditor reads. */
export const RolesPage = () => {
  const me = useMe()
  const [adding, setAdding] = useState(false)
  const roles = useQuery(rolesQuery)
  return (
    <SettingsPage
      title={say('roles.title')}
      lead={say('roles.about')}
      actions={
        <>
          {mayAtAll(me, 'access.explain') && (
            <Button variant="default" renderRoot={(props) => <Link to="/admin/access" {...props} />}>
              {say('access.title')}
            </Button>
          )}
          {mayAtAll(me, 'role.manage') && (
            <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
              {say('roles.add')}
            </Button>
          )}
        </>
      }
    >
      {roles.isError && <Fault error={roles.error} onRetry={() => void roles.refetch()} />}
      <Section title={say('roles.list')} flush>
        {roles.data === undefined ? <RowsToCome rows={6} /> : <RoleList roles={roles.data.rows} />}
      </Section>
      {roles.data !== undefined && (
        <Section title={say('roles.matrix')} lead={say('roles.matrixLead')} flush>
          <Matrix roles={roles.data.rows} />
        </Section>
      )}
      {adding && <NewRole roles={roles.data?.rows ?? []} onClose={() => setAdding(false)} />}
    </SettingsPage>
  )
}

const RoleList = ({ roles }: { readonly roles: readonly RoleRow[] }) => (
  <PlainTable<RoleRow>
    label={say('roles.list')}
    rows={roles}
    keyOf={({ id }) => id}
    columns={[
      {
        id: 'name',
        title: say('people.role'),
        render: ({ id, name, description }) => (
          <>
            <Link to="/admin/roles/$id" params={{ id }} className={rowLink}>
              {name}
            </Link>
            {description !== '' && <span className={rowHint}>{description}</span>}
          </>
        ),
      },
      {
        id: 'kind',
        title: say('roles.kind'),
        from: 'tablet',
        render: ({ isBuiltIn }) =>
          isBuiltIn ? say('roles.builtIn') : <Tag tone="accent">{say('roles.own')}</Tag>,
      },
      {
        id: 'permissions',
        title: say('roles.permissions'),
        from: 'tablet',
        align: 'end',
        render: ({ permissions }) => <span className="figures">{permissions.length}</span>,
      },
      {
        id: 'people',
        title: say('roles.people'),
        align: 'end',
        render: ({ people }) => <span className="figures">{people}</span>,
      },
    ]}
  />
)

/** Permissions down, roles across; the widest scope first, in words. */
const Matrix = ({ roles }: { readonly roles: readonly RoleRow[] }) => {
  const scopes = new Map(
    roles.map((role) => [role.id, new Map(role.permissions.map((one) => [one.permission, one.scopes]))]),
  )
  const cell = (role: RoleRow, permission: Permission): readonly Scope[] =>
    scopes.get(role.id)?.get(permission) ?? []
  return (
    // What scrolls sideways can be scrolled with the keyboard too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes['scroll']} role="group" aria-label={say('roles.matrix')} tabIndex={0}>
      <table className={classes['matrix']} aria-label={say('roles.matrix')}>
        <thead>
          <tr>
            <th scope="col">{say('roles.permission')}</th>
            {roles.map(({ id, name }) => (
              <th key={id} scope="col">
                <Link to="/admin/roles/$id" params={{ id }}>
                  {name}
                </Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {byArea().map(({ area, permissions }) => (
            <Fragment key={area}>
              <tr className={classes['area']}>
                <th scope="colgroup" colSpan={roles.length + 1}>
                  <span>{say(`roles.area.${area}`)}</span>
                </th>
              </tr>
              {permissions.map((permission) => (
                <tr key={permission}>
                  <th scope="row">
                    {say(`permission.${permission}`)}
                    <code>{permission}</code>
                  </th>
                  {roles.map((role) => {
                    const held = cell(role, permission)
                    return (
                      <td key={role.id} data-held={held.length > 0 || undefined}>
                        {held.length === 0 ? (
                          <span aria-label={say('roles.not')}>–</span>
                        ) : (
                          held.map((scope) => say(`scope.short.${scope}`)).join(', ')
                        )}
                      </td>
                    )
                  })}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** A role's key from its name: what exports and the journal call it. */
const keyFrom = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 40)

const NewRole = ({
  roles,
  onClose,
}: {
  readonly roles: readonly RoleRow[]
  readonly onClose: () => void
}) => {
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const [name, setName] = useState('')
  const [key, setKey] = useState<string | null>(null)
  const [description, setDescription] = useState('')
  const [from, setFrom] = useState<string | null>(null)
  const [once] = useState(() => crypto.randomUUID())
  const written = key ?? keyFrom(name)
  const keyHolds = /^[a-z][a-z_]{1,39}$/.test(written)
  return (
    <FormDialog
      title={say('roles.add')}
      submit={say('roles.add')}
      ready={name.trim() !== '' && keyHolds}
      onClose={onClose}
      onSubmit={async () => {
        const permissions = roles.find(({ id }) => id === from)?.permissions ?? []
        const { id } = await withProof(() =>
          client.createRole({
            body: { key: written, name, description, permissions: [...permissions] },
            idempotencyKey: once,
          }),
        )
        await queries.invalidateQueries({ queryKey: rolesKey })
        void navigate({ to: '/admin/roles/$id', params: { id } })
      }}
    >
      <TextInput
        label={say('people.name')}
        value={name}
        maxLength={120}
        required
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={say('roles.key')}
        description={say('roles.keyHint')}
        value={written}
        maxLength={40}
        error={written !== '' && !keyHolds && say('roles.keyForm')}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <Textarea
        label={say('form.description')}
        value={description}
        maxLength={500}
        autosize
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Select
        label={say('roles.from')}
        description={say('roles.fromHint')}
        data={roles.map((role) => ({ value: role.id, label: role.name }))}
        value={from}
        clearable
        searchable
        onChange={setFrom}
      />
    </FormDialog>
  )
}
