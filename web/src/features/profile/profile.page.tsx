import type { EditMe } from '@evenkeel/contract/session'
import { Anchor, Select, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { languages, say } from '../../language/say.ts'
import { ownZone } from '../../language/time.ts'
import { Appearance } from '../../parts/appearance.tsx'
import { client } from '../../parts/api.ts'
import { sessionQuery, useMe } from '../../parts/session.ts'
import { Fault } from '../../ui/fault.tsx'
import { useNow } from '../../ui/now.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { SavedState } from '../../ui/edit-in-place.tsx'
import classes from './profile.module.css'
import { languageChoices, zoneTime } from './profile.region.ts'

/** Who I am here, my language and time zone, and how this browser looks. */
export const ProfilePage = () => {
  usePageTitle(say('settings.profile'))
  return (
    <div className={classes['page']}>
      <h1 className={classes['title']}>{say('settings.profile')}</h1>
      <You />
      <Region />
      <section className={classes['part']} aria-labelledby="appearance">
        <header className={classes['partHead']}>
          <h2 id="appearance" className={classes['partTitle']}>
            {say('profile.appearance')}
          </h2>
          <p className={classes['about']}>{say('profile.appearanceHint')}</p>
        </header>
        <div className={classes['narrow']}>
          <Appearance />
        </div>
      </section>
    </div>
  )
}

const You = () => {
  const { person, tenant, roles, teams } = useMe()
  return (
    <section className={classes['part']} aria-labelledby="you">
      <header className={classes['partHead']}>
        <h2 id="you" className={classes['partTitle']}>
          {say('profile.you')}
        </h2>
        <p className={classes['about']}>{say('profile.about', { tenant: tenant.name })}</p>
      </header>
      <dl className={classes['facts']}>
        <dt>{say('profile.name')}</dt>
        <dd>{person.name}</dd>
        <dt>{say('signIn.email')}</dt>
        <dd>{person.email}</dd>
        <dt>{say('profile.personTitle')}</dt>
        <dd>{person.title === '' ? say('profile.noTitle') : person.title}</dd>
        <dt>{say('profile.roles')}</dt>
        <dd>{roles.map(({ name }) => name).join(', ')}</dd>
        {teams.length > 0 && (
          <>
            <dt>{say('profile.teams')}</dt>
            <dd>{teams.map(({ name }) => name).join(', ')}</dd>
          </>
        )}
      </dl>
      <Phone />
    </section>
  )
}

const Phone = () => {
  const { phone } = useMe().person
  const queries = useQueryClient()
  const [text, setText] = useState(phone)
  const save = useMutation({
    mutationFn: () => client.editMe({ body: { phone: text.trim() } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  })
  return (
    <div className={classes['narrow']}>
      <TextInput
        label={say('profile.phone')}
        description={say('profile.phoneHint')}
        type="tel"
        autoComplete="tel"
        maxLength={60}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          save.reset()
        }}
        onBlur={() => {
          if (text.trim() !== phone) save.mutate()
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur()
        }}
      />
      <SavedState at={save.isPending ? 'saving' : save.isSuccess ? 'saved' : 'rest'} />
      {save.isError && <Fault error={save.error} />}
    </div>
  )
}

/** Both are needed before anything is drawn, so the page loads anew; drafts are kept. */
const Region = () => {
  const { person } = useMe()
  const now = useNow()
  const device = ownZone()
  const save = useMutation({
    mutationFn: (body: Pick<EditMe, 'language' | 'timeZone'>) => client.editMe({ body }),
    onSuccess: () => window.location.reload(),
  })
  const zones = Intl.supportedValuesOf('timeZone')
  return (
    <section className={classes['part']} aria-labelledby="region">
      <h2 id="region" className={classes['partTitle']}>
        {say('profile.region')}
      </h2>
      <div className={classes['narrow']}>
        <Select
          label={say('profile.language')}
          description={say('profile.languageHint')}
          data={languageChoices(languages, person.language, import.meta.env.DEV)}
          value={person.language}
          allowDeselect={false}
          disabled={save.isPending}
          onChange={(language) => {
            if (language !== null && language !== person.language) save.mutate({ language })
          }}
        />
        <div>
          <Select
            label={say('profile.timeZone')}
            description={say('profile.timeZoneHint', { time: zoneTime(now, person) })}
            data={zones.includes(person.timeZone) ? zones : [person.timeZone, ...zones]}
            value={person.timeZone}
            allowDeselect={false}
            searchable
            limit={100}
            nothingFoundMessage={say('edit.nothingFound')}
            disabled={save.isPending}
            onChange={(timeZone) => {
              if (timeZone !== null && timeZone !== person.timeZone) save.mutate({ timeZone })
            }}
          />
          {device !== person.timeZone && (
            <Anchor
              component="button"
              type="button"
              size="xs"
              mt={4}
              onClick={() => save.mutate({ timeZone: device })}
            >
              {say('profile.useBrowserZone', { zone: device })}
            </Anchor>
          )}
        </div>
        {save.isError && <Fault error={save.error} />}
      </div>
    </section>
  )
}
