import type { EditRole, RoleRow } from '@evenkeel/contract/people'
import { type Permission, type Scope, scopes as scopeNames } from '@evenkeel/contract/permission'
import { Button, Checkbox } from '@mantine/core'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Fragment, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { withProof } from '../../parts/proof.tsx'
import { mayAtAll, sessionQuery, useMe } from '../../parts/session.ts'
import { EditableText } from '../../ui/edit-in-place.tsx'
import { FaultPage, sentence } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Listing } from '../../ui/listing.tsx'
import { Fact, Facts, Nothing, RowsToCome, Section, SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { peopleKey, peopleQuery, rolesKey, rolesQuery } from './people.api.ts'
import classes from './people.module.css'
import { nameColumn } from './people.name-column.tsx'
import { byArea, changesBetween } from './people.permissions.ts'
import table from './people.role-page.module.css'

const route = getRouteApi('/shell/admin/roles/$id')
type Given = RoleRow['permissions']

/** One role: what it gives, to whom, and what a change of it would give and take. */
export const RolePage = () => {
  const { id } = route.useParams()
  const me = useMe()
  const roles = useQuery(rolesQuery)
  const role = roles.data?.rows.find((row) => row.id === id)
  const back = <Link to="/admin/roles">{say('roles.title')}</Link>
  if (roles.isError) return <FaultPage error={roles.error} onRetry={() => void roles.refetch()} />
  if (role === undefined)
    return (
      <SettingsPage title={say('people.role')} back={back}>
        {roles.data === undefined ? <RowsToCome rows={8} /> : <Nothing>{say('roles.gone')}</Nothing>}
      </SettingsPage>
    )
  const editable = mayAtAll(me, 'role.manage')
  return (
    <SettingsPage
      key={id}
      title={role.name}
      lead={role.description === '' ? undefined : sentence(role.description)}
      back={back}
      tags={
        <Tag tone={role.isBuiltIn ? 'low' : 'accent'}>
          {role.isBuiltIn ? say('roles.builtIn') : say('roles.own')}
        </Tag>
      }
      actions={editable && !role.isBuiltIn && <Removing role={role} />}
    >
      {editable && <RoleFacts role={role} />}
      <Permissions
        key={role.version}
        role={role}
        editable={editable && role.key !== 'administrator'}
        locked={editable && role.key === 'administrator'}
      />
      <Holders role={role} />
    </SettingsPage>
  )
}

const useSave = (role: RoleRow) => {
  const queries = useQueryClient()
  return async (body: EditRole): Promise<void> => {
    try {
      await withProof(() => client.editRole({ params: { id: role.id }, body, version: role.version }))
    } finally {
      await Promise.all(
        [rolesKey, peopleKey, sessionQuery.queryKey].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      )
    }
  }
}

const RoleFacts = ({ role }: { readonly role: RoleRow }) => {
  const save = useSave(role)
  return (
    <Section title={say('people.facts')}>
      <Facts>
        <Fact name={say('people.name')}>
          <EditableText
            label={say('people.name')}
            value={role.name}
            editable
            required
            maxLength={120}
            onSave={(name) => save({ name })}
          >
            {role.name}
          </EditableText>
        </Fact>
        <Fact name={say('form.description')}>
          <EditableText
            label={say('form.description')}
            value={role.description}
            editable
            maxLength={500}
            onSave={(description) => save({ description })}
          >
            {role.description === '' ? say('edit.empty') : role.description}
          </EditableText>
        </Fact>
        <Fact name={say('roles.key')}>
          <code>{role.key}</code>
        </Fact>
      </Facts>
    </Section>
  )
}

/** Ticked, unticked, and saved as one once the difference was read. */
const Permissions = ({
  role,
  editable,
  locked,
}: {
  readonly role: RoleRow
  readonly editable: boolean
  readonly locked: boolean
}) => {
  const save = useSave(role)
  const [draft, setDraft] = useState<Given>(role.permissions)
  const [reviewing, setReviewing] = useState(false)
  const changes = changesBetween(role.permissions, draft)
  const holds = (permission: Permission, scope: Scope): boolean =>
    draft.find((one) => one.permission === permission)?.scopes.includes(scope) === true
  const turn = (permission: Permission, scope: Scope, on: boolean): void =>
    setDraft((before) => {
      const held = before.find((one) => one.permission === permission)?.scopes ?? []
      const scopes = scopeNames.filter((name) => (name === scope ? on : held.includes(name)))
      return [
        ...before.filter((one) => one.permission !== permission),
        ...(scopes.length === 0 ? [] : [{ permission, scopes }]),
      ]
    })
  return (
    <Section
      title={say('roles.permissions')}
      lead={locked ? say('roles.locked') : say('roles.permissionsLead')}
      flush
      actions={
        changes.length > 0 && (
          <>
            <Button variant="default" onClick={() => setDraft(role.permissions)}>
              {say('form.discard')}
            </Button>
            <Button onClick={() => setReviewing(true)}>
              {say('roles.review', { count: changes.length })}
            </Button>
          </>
        )
      }
    >
      <div className={table['wrap']}>
        <table className={table['table']} aria-label={say('roles.permissions')}>
          <thead>
            <tr>
              <th scope="col">{say('roles.permission')}</th>
              {scopeNames.map((scope) => (
                <th key={scope} scope="col">
                  {say(`scope.short.${scope}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {byArea().map(({ area, permissions }) => (
              <Fragment key={area}>
                <tr className={table['area']}>
                  <th scope="colgroup" colSpan={scopeNames.length + 1}>
                    {say(`roles.area.${area}`)}
                  </th>
                </tr>
                {permissions.map((permission) => (
                  <tr
                    key={permission}
                    data-changed={changes.some((one) => one.permission === permission) || undefined}
                  >
                    <th scope="row">
                      {say(`permission.${permission}`)}
                      <code>{permission}</code>
                    </th>
                    {scopeNames.map((scope) => (
                      <td key={scope}>
                        <Checkbox
                          size="xs"
                          aria-label={say('roles.tick', {
                            permission: say(`permission.${permission}`),
                            scope: say(`scope.${scope}`),
                          })}
                          checked={holds(permission, scope)}
                          disabled={!editable}
                          onChange={(event) => turn(permission, scope, event.currentTarget.checked)}
                        />
                      </td>
                    ))}
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      {reviewing && (
        <FormDialog
          title={say('roles.reviewTitle', { role: role.name })}
          submit={say('roles.save')}
          onClose={() => setReviewing(false)}
          onSubmit={() =>
            save({
              permissions: draft.map(({ permission, scopes }) => ({ permission, scopes: [...scopes] })),
            })
          }
        >
          <p className={classes['text']}>{say('roles.reviewText', { count: role.people })}</p>
          <ul className={classes['consequences']}>
            {changes.map(({ permission, from, to }) => (
              <li key={permission}>
                {say(to.length === 0 ? 'roles.takes' : from.length === 0 ? 'roles.gives' : 'roles.moves', {
                  permission: say(`permission.${permission}`),
                  from: from.map((scope) => say(`scope.${scope}`)).join(', '),
                  to: to.map((scope) => say(`scope.${scope}`)).join(', '),
                })}
              </li>
            ))}
          </ul>
        </FormDialog>
      )}
    </Section>
  )
}

const Holders = ({ role }: { readonly role: RoleRow }) => {
  const me = useMe()
  const sees = mayAtAll(me, 'person.manage') || mayAtAll(me, 'role.manage') || mayAtAll(me, 'access.explain')
  const people = useInfiniteQuery({
    ...peopleQuery({ role: role.id, state: 'all' }),
    enabled: sees,
  })
  if (!sees) return null
  const rows = people.data?.pages.flatMap((page) => page.rows)
  return (
    <Section title={say('roles.holders')} flush>
      <Listing
        asked={people}
        rows={rows}
        label={say('roles.holders')}
        keyOf={({ id }) => id}
        quiet={({ isActive }) => !isActive}
        columns={[
          nameColumn(),
          {
            id: 'teams',
            title: say('people.teams'),
            from: 'tablet',
            render: ({ teams }) => teams.map(({ name }) => name).join(', '),
          },
          {
            id: 'state',
            title: say('people.state'),
            hiddenTitle: true,
            align: 'end',
            render: ({ isActive }) => !isActive && <Tag tone="low">{say('people.inactive')}</Tag>,
          },
        ]}
        none={<Nothing>{say('roles.noHolders')}</Nothing>}
      />
      {people.hasNextPage && (
        <div className={classes['add']}>
          <Button
            variant="default"
            loading={people.isFetchingNextPage}
            onClick={() => void people.fetchNextPage()}
          >
            {say('people.more')}
          </Button>
        </div>
      )}
    </Section>
  )
}

const Removing = ({ role }: { readonly role: RoleRow }) => {
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {say('roles.remove')}
      </Button>
      {asking && (
        <FormDialog
          title={say('roles.removeTitle', { role: role.name })}
          submit={say('roles.remove')}
          onClose={() => setAsking(false)}
          onSubmit={async () => {
            await withProof(() => client.deleteRole({ params: { id: role.id } }))
            await navigate({ to: '/admin/roles' })
            void queries.invalidateQueries({ queryKey: rolesKey })
          }}
        >
          <p className={classes['text']}>{say('roles.removeText')}</p>
        </FormDialog>
      )}
    </>
  )
}
