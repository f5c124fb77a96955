import type { EditPerson, PersonView } from '@evenkeel/contract/people'
import { Button, Switch } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import Drama from 'lucide-react/icons/drama'
import { useState } from 'react'
import { languages, say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { useMe } from '../../parts/session.ts'
import { Choice } from '../../ui/choice.tsx'
import { EditableText } from '../../ui/edit-in-place.tsx'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Fact, Facts, RowsToCome, Section, SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { languageChoices } from '../profile/profile.region.ts'
import { ActingDialog } from './people.acting-dialog.tsx'
import { peopleKey, personQuery } from './people.api.ts'
import { PersonAccess } from './people.person-access.tsx'
import { PersonAccount } from './people.person-account.tsx'
import { PersonLeaving } from './people.person-leaving.tsx'

const route = getRouteApi('/shell/admin/people/$id')

/** One person: who they are, what they may do, how they sign in, and their leaving. */
export const PersonPage = () => {
  const { id } = route.useParams()
  const person = useQuery(personQuery(id))
  if (person.isError && person.data === undefined)
    return <FaultPage error={person.error} onRetry={() => void person.refetch()} />
  const back = <Link to="/admin/people">{say('people.title')}</Link>
  if (person.data === undefined)
    return (
      <SettingsPage title={say('people.one')} back={back}>
        <RowsToCome rows={8} />
      </SettingsPage>
    )
  return <Shown key={id} person={person.data} />
}

const Shown = ({ person }: { readonly person: PersonView }) => {
  const me = useMe()
  const [acting, setActing] = useState(false)
  const mayManage = person.allowed.includes('person.manage')
  const locked = person.account?.lockedUntil ?? null
  return (
    <SettingsPage
      title={person.name}
      lead={person.title === '' ? undefined : person.title}
      back={<Link to="/admin/people">{say('people.title')}</Link>}
      tags={
        <>
          {person.isVip && <Tag tone="waiting">{say('people.vip')}</Tag>}
          {!person.isActive && <Tag tone="low">{say('people.inactive')}</Tag>}
          {person.isActive && locked !== null && <Tag tone="high">{say('people.locked')}</Tag>}
          {person.id === me.person.id && <Tag tone="accent">{say('people.you')}</Tag>}
        </>
      }
      actions={
        person.allowed.includes('act_as') && (
          <Button
            variant="default"
            leftSection={<Drama size={16} aria-hidden />}
            onClick={() => setActing(true)}
          >
            {say('acting.begin')}
          </Button>
        )
      }
    >
      <PersonFacts person={person} editable={mayManage} />
      <PersonAccess person={person} />
      {person.account !== null && <PersonAccount person={person} account={person.account} />}
      {mayManage && person.id !== me.person.id && <PersonLeaving person={person} />}
      {acting && <ActingDialog person={person} onClose={() => setActing(false)} />}
    </SettingsPage>
  )
}

const texts = ['name', 'email', 'title', 'phone'] as const

const zones = Intl.supportedValuesOf('timeZone').map((value) => ({ value, label: value }))

const PersonFacts = ({ person, editable }: { readonly person: PersonView; readonly editable: boolean }) => {
  const queries = useQueryClient()
  const [error, setError] = useState<unknown>()
  const save = async (body: EditPerson): Promise<void> => {
    try {
      await client.editPerson({ params: { id: person.id }, body, version: person.version })
    } finally {
      // After a refusal too: the page may be behind, and a conflict shows what is true now.
      await queries.invalidateQueries({ queryKey: peopleKey })
    }
  }
  return (
    <Section title={say('people.facts')}>
      <Facts>
        {texts.map((field) => (
          <Fact key={field} name={say(`people.field.${field}`)}>
            <EditableText
              label={say(`people.field.${field}`)}
              value={person[field]}
              editable={editable}
              required={field !== 'title' && field !== 'phone'}
              maxLength={field === 'email' ? 254 : 120}
              onSave={(value) => save({ [field]: value.trim() })}
            >
              {person[field] === '' ? say('edit.empty') : person[field]}
            </EditableText>
          </Fact>
        ))}
        <Fact name={say('people.field.language')}>
          <Choice
            label={say('people.field.language')}
            value={person.language}
            options={languageChoices(languages, person.language, false)}
            editable={editable}
            onChoose={(language) => save({ language: language ?? person.language })}
          >
            {languageChoices(languages, person.language, false).find(({ value }) => value === person.language)
              ?.label ?? person.language}
          </Choice>
        </Fact>
        <Fact name={say('people.field.timeZone')}>
          <Choice
            label={say('people.field.timeZone')}
            value={person.timeZone}
            options={zones}
            editable={editable}
            searchable
            onChoose={(timeZone) => save({ timeZone: timeZone ?? person.timeZone })}
          >
            {person.timeZone}
          </Choice>
        </Fact>
        <Fact name={say('people.vip')}>
          <Switch
            size="sm"
            label={say('people.vipHint')}
            checked={person.isVip}
            disabled={!editable}
            onChange={(event) => {
              setError(undefined)
              save({ isVip: event.currentTarget.checked }).catch(setError)
            }}
          />
        </Fact>
        <Fact name={say('people.since')}>
          <RelativeTime at={person.createdAt} />
        </Fact>
      </Facts>
      {error !== undefined && <Fault error={error} />}
    </Section>
  )
}
