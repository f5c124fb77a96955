import type { AccessExplanation } from '@evenkeel/contract/people'
import type { Permission } from '@evenkeel/contract/permission'
import { Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import Check from 'lucide-react/icons/check'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import X from 'lucide-react/icons/x'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { PersonPicker } from '../../parts/person-picker.tsx'
import { Person } from '../../parts/person.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import { PlainTable, rowLink } from '../../ui/plain-table.tsx'
import { RowsToCome, Section, SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import classes from './people.access-page.module.css'
import { personQuery, rolesQuery } from './people.api.ts'
import { byArea, isPermission } from './people.permissions.ts'
import shared from './people.module.css'

const route = getRouteApi('/shell/admin/access')

/** Why somebody may or may not do something, in sentences; the address holds the question, so that the answer can be sent. */
export const AccessPage = () => {
  const me = useMe()
  const { person = me.person.id, permission, record } = route.useSearch()
  const navigate = route.useNavigate()
  const others = mayAtAll(me, 'access.explain') && mayAtAll(me, 'person.read')
  const found = useQuery({ ...personQuery(person), enabled: person !== me.person.id })
  const name = person === me.person.id ? me.person.name : (found.data?.name ?? '')
  const [number, setNumber] = useState(record ?? '')
  const ask = (part: {
    person?: string
    permission?: string | undefined
    record?: string | undefined
  }): void => void navigate({ search: (before) => ({ ...before, ...part }), replace: true })
  const askRecord = useDebouncedCallback((text: string) => {
    ask({ record: text.trim() === '' ? undefined : text.trim().toUpperCase() })
  }, 300)
  const chosen = permission !== undefined && isPermission(permission) ? permission : undefined
  return (
    <SettingsPage title={say('access.title')} lead={say('access.about')}>
      <div className={classes['question']}>
        <div className={classes['field']}>
          <span className={classes['label']}>{say('access.person')}</span>
          <div className={classes['picker']}>
            <PersonPicker
              label={say('access.person')}
              value={{ id: person, name }}
              editable={others}
              first={{ ...me.person, hint: say('incident.me') }}
              onChoose={async (next) => {
                if (next !== null) ask({ person: next.id })
              }}
            >
              <Person name={name} />
            </PersonPicker>
          </div>
        </div>
        <Select
          label={say('access.permission')}
          placeholder={say('access.choosePermission')}
          data={byArea().map(({ area, permissions }) => ({
            group: say(`roles.area.${area}`),
            items: permissions.map((one) => ({ value: one, label: say(`permission.${one}`) })),
          }))}
          value={chosen ?? null}
          searchable
          nothingFoundMessage={say('edit.nothingFound')}
          onChange={(next) => ask({ permission: next ?? undefined })}
        />
        <TextInput
          label={say('access.record')}
          placeholder={say('access.recordPlaceholder')}
          value={number}
          maxLength={40}
          onChange={(event) => {
            setNumber(event.currentTarget.value)
            askRecord(event.currentTarget.value)
          }}
        />
      </div>
      {chosen === undefined ? (
        <Empty icon={<CircleHelp size={24} aria-hidden />} title={say('access.ask')}>
          {say('access.askText')}
        </Empty>
      ) : (
        <Answer personId={person} permission={chosen} record={record} />
      )}
    </SettingsPage>
  )
}

const noRecord = null

/** A record's id by its number; null when there is none that the reader may see. */
const useRecord = (number: string | undefined) =>
  useQuery({
    queryKey: ['incidents', 'number', number],
    queryFn: async () => {
      const { rows } = await client.listIncidents({ query: { limit: 1, q: `number:${number ?? ''}` } })
      return rows[0]?.id ?? noRecord
    },
    enabled: number !== undefined,
    retry: false,
  })

const Answer = ({
  personId,
  permission,
  record,
}: {
  readonly personId: string
  readonly permission: Permission
  readonly record: string | undefined
}) => {
  const found = useRecord(record)
  const recordId = record === undefined ? undefined : found.data
  const answer = useQuery({
    queryKey: ['access', personId, permission, recordId],
    queryFn: () =>
      client.explainAccess({
        query: { personId, permission, ...(typeof recordId === 'string' ? { recordId } : {}) },
      }),
    enabled: record === undefined || typeof recordId === 'string',
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  })
  if (record !== undefined && (found.isError || recordId === null))
    return (
      <div role="alert">
        <Empty title={say('access.noRecord', { number: record })}>{say('access.noRecordText')}</Empty>
      </div>
    )
  if (answer.isError) return <Fault error={answer.error} onRetry={() => void answer.refetch()} />
  if (answer.data === undefined) return <RowsToCome rows={4} />
  return <Explanation answer={answer.data} />
}

const Explanation = ({ answer }: { readonly answer: AccessExplanation }) => {
  const [verdict, ...why] = answer.sentences
  return (
    <>
      <section
        className={classes['answer']}
        data-allowed={answer.allowed || undefined}
        aria-label={say('access.answer')}
        aria-live="polite"
      >
        <span className={classes['sign']}>
          {answer.allowed ? <Check size={18} aria-hidden /> : <X size={18} aria-hidden />}
        </span>
        <div>
          <p className={classes['verdict']}>{verdict}</p>
          <ul className={classes['why']}>
            {why.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      </section>
      {answer.given.length > 0 && (
        <Section title={say('access.given')} flush>
          <PlainTable
            label={say('access.given')}
            rows={answer.given}
            keyOf={({ role, scope }) => `${role.id} ${scope}`}
            columns={[
              {
                id: 'role',
                title: say('people.role'),
                render: ({ role }) => (
                  <Link to="/admin/roles/$id" params={{ id: role.id }} className={rowLink}>
                    {role.name}
                  </Link>
                ),
              },
              { id: 'scope', title: say('access.scope'), render: ({ scope }) => say(`scope.${scope}`) },
              {
                id: 'reaches',
                title: say('access.reaches'),
                align: 'end',
                render: ({ reaches }) =>
                  reaches === null ? (
                    ''
                  ) : reaches ? (
                    <Tag tone="done" icon={<Check size={12} aria-hidden />}>
                      {say('access.does')}
                    </Tag>
                  ) : (
                    <Tag tone="low" icon={<X size={12} aria-hidden />}>
                      {say('access.doesNot')}
                    </Tag>
                  ),
              },
            ]}
          />
        </Section>
      )}
      {!answer.allowed && <Remedies answer={answer} />}
    </>
  )
}

/** Which roles would give it: what to change is a click away. */
const Remedies = ({ answer }: { readonly answer: AccessExplanation }) => {
  const me = useMe()
  const roles = useQuery({ ...rolesQuery, enabled: mayAtAll(me, 'person.read') })
  const held = new Set(answer.given.map(({ role }) => role.id))
  const giving = (roles.data?.rows ?? []).filter(
    (role) => !held.has(role.id) && role.permissions.some((one) => one.permission === answer.permission),
  )
  if (giving.length === 0) return null
  return (
    <Section
      title={say('access.remedies')}
      lead={say('access.remediesLead', { name: answer.person.name })}
      flush
    >
      <PlainTable
        label={say('access.remedies')}
        rows={giving}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'role',
            title: say('people.role'),
            render: ({ id, name }) => (
              <Link to="/admin/roles/$id" params={{ id }} className={rowLink}>
                {name}
              </Link>
            ),
          },
          {
            id: 'scope',
            title: say('access.scope'),
            render: ({ permissions }) =>
              permissions
                .find((one) => one.permission === answer.permission)
                ?.scopes.map((scope) => say(`scope.${scope}`))
                .join(', '),
          },
        ]}
      />
      {mayAtAll(me, 'role.manage') && (
        <div className={shared['add']}>
          <Link to="/admin/people/$id" params={{ id: answer.person.id }}>
            {say('access.toPerson', { name: answer.person.name })}
          </Link>
        </div>
      )}
    </Section>
  )
}
