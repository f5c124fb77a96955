import { Checkbox, MultiSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { peopleKey, rolesKey, rolesQuery } from './people.api.ts'
import classes from './people.module.css'

/** Somebody new: who they are, what they may do, and whether they are told. */
export const InviteDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const me = useMe()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [draft, setDraft] = useState({ name: '', email: '', title: '', phone: '' })
  const [roleIds, setRoleIds] = useState<readonly string[] | null>(null)
  const [isVip, setVip] = useState(false)
  const [invite, setInvite] = useState(true)
  // The same request sent twice adds one person.
  const [key] = useState(() => crypto.randomUUID())
  const roles = useQuery(rolesQuery)
  const mayRoles = mayAtAll(me, 'role.manage')
  const requester = roles.data?.rows.find((role) => role.key === 'requester')
  const chosen = roleIds ?? (requester === undefined ? [] : [requester.id])
  const text = (field: keyof typeof draft) => ({
    value: draft[field],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setDraft((before) => ({ ...before, [field]: value }))
    },
  })
  return (
    <FormDialog
      title={say('people.add')}
      submit={invite ? say('people.addInvite') : say('people.addOnly')}
      ready={draft.name.trim() !== '' && draft.email.trim() !== ''}
      onClose={onClose}
      onSubmit={async () => {
        const { id } = await client.createPerson({
          body: { ...draft, isVip, invite, ...(roleIds === null ? {} : { roleIds: [...roleIds] }) },
          idempotencyKey: key,
        })
        void queries.invalidateQueries({ queryKey: peopleKey })
        void queries.invalidateQueries({ queryKey: rolesKey })
        void navigate({ to: '/admin/people/$id', params: { id } })
      }}
    >
      <div className={classes['pair']}>
        <TextInput label={say('people.name')} maxLength={120} required data-autofocus {...text('name')} />
        <TextInput
          label={say('people.email')}
          type="email"
          maxLength={254}
          required
          autoComplete="off"
          {...text('email')}
        />
        <TextInput label={say('people.jobTitle')} maxLength={120} {...text('title')} />
        <TextInput label={say('people.phone')} maxLength={60} {...text('phone')} />
      </div>
      <MultiSelect
        label={say('people.roles')}
        description={mayRoles ? say('people.rolesHint') : say('people.rolesFixed')}
        data={(roles.data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={[...chosen]}
        onChange={setRoleIds}
        disabled={!mayRoles}
        searchable
        nothingFoundMessage={say('edit.nothingFound')}
      />
      <Checkbox
        label={say('people.vip')}
        description={say('people.vipHint')}
        checked={isVip}
        onChange={(event) => setVip(event.currentTarget.checked)}
      />
      <Checkbox
        label={say('people.sendInvitation')}
        description={say('people.sendInvitationHint')}
        checked={invite}
        onChange={(event) => setInvite(event.currentTarget.checked)}
      />
    </FormDialog>
  )
}
