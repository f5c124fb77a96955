import type { PersonView } from '@evenkeel/contract/people'
import type { ApiKeyRow, SessionRow } from '@evenkeel/contract/session'
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { withProof } from '../../parts/proof.tsx'
import { useMe } from '../../parts/session.ts'
import { Fault } from '../../ui/fault.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Listing } from '../../ui/listing.tsx'
import { useNow } from '../../ui/now.ts'
import { rowHint } from '../../ui/plain-table.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Nothing, Section } from '../../ui/settings-page.tsx'
import { deviceOf } from '../profile/profile.device.ts'
import { keyColumns, RevokeKey } from './people.api-keys.tsx'
import { keysOfQuery, peopleKey, sessionsQuery } from './people.api.ts'
import classes from './people.module.css'

type Account = NonNullable<PersonView['account']>

/** How they sign in, where they are signed in, and what works in their name. */
export const PersonAccount = ({
  person,
  account,
}: {
  readonly person: PersonView
  readonly account: Account
}) => (
  <>
    <SigningIn person={person} account={account} />
    <Sessions person={person} />
    <Keys person={person} />
  </>
)

const useStale = () => {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: peopleKey })
}

const SigningIn = ({ person, account }: { readonly person: PersonView; readonly account: Account }) => {
  const me = useMe()
  const stale = useStale()
  const [removing, setRemoving] = useState(false)
  const isSelf = person.id === me.person.id
  const invite = useMutation({
    mutationFn: () => client.invitePerson({ params: { id: person.id } }),
    onSuccess: stale,
  })
  const unlock = useMutation({
    mutationFn: () => client.unlockPerson({ params: { id: person.id } }),
    onSuccess: stale,
  })
  const zone = readerZone()
  return (
    <Section title={say('people.signingIn')}>
      {account.lockedUntil !== null && (
        <div className={classes['row']}>
          <div>
            <p className={classes['rowTitle']}>{say('people.lockedTitle')}</p>
            <p className={classes['quiet']}>
              {say('people.lockedText', { until: absolute(account.lockedUntil, zone) })}
            </p>
          </div>
          <Button variant="default" loading={unlock.isPending} onClick={() => unlock.mutate()}>
            {say('people.unlock')}
          </Button>
        </div>
      )}
      <div className={classes['row']}>
        <div>
          <p className={classes['rowTitle']}>{say('people.ways')}</p>
          <p className={classes['quiet']}>
            {account.hasPassword ? say('people.hasPassword') : say('people.noPassword')}
          </p>
          <p className={classes['quiet']}>
            {account.lastSeenAt === null ? (
              say('people.neverSeen')
            ) : (
              <>
                {say('people.lastSeen')} <RelativeTime at={account.lastSeenAt} />
              </>
            )}
          </p>
          {account.invitedUntil !== null && (
            <p className={classes['quiet']}>
              {say('people.invitedUntil', { until: absolute(account.invitedUntil, zone) })}
            </p>
          )}
        </div>
        {person.isActive && !isSelf && (
          <Button variant="default" loading={invite.isPending} onClick={() => invite.mutate()}>
            {account.invitedUntil === null ? say('people.invite') : say('people.inviteAgain')}
          </Button>
        )}
      </div>
      <div className={classes['row']}>
        <div>
          <p className={classes['rowTitle']}>{say('people.secondFactor')}</p>
          <p className={classes['quiet']}>
            {[
              account.hasTotp ? say('people.hasTotp') : say('people.noTotp'),
              say('people.passkeys', { count: account.passkeys }),
            ].join(' · ')}
          </p>
        </div>
        {(account.hasTotp || account.passkeys > 0) && !isSelf && (
          <Button variant="default" onClick={() => setRemoving(true)}>
            {say('people.removeTotp')}
          </Button>
        )}
      </div>
      <div role="status">
        {invite.isSuccess && (
          <p className={classes['quiet']}>{say('people.invited', { email: person.email })}</p>
        )}
        {unlock.isSuccess && <p className={classes['quiet']}>{say('people.unlocked')}</p>}
      </div>
      {invite.isError && <Fault error={invite.error} />}
      {unlock.isError && <Fault error={unlock.error} />}
      {removing && (
        <FormDialog
          title={say('people.removeTotpTitle', { name: person.name })}
          submit={say('people.removeTotp')}
          onClose={() => setRemoving(false)}
          onSubmit={async () => {
            await withProof(() => client.removeSecondFactor({ params: { id: person.id } }))
            await stale()
          }}
        >
          <p className={classes['text']}>{say('people.removeTotpText', { name: person.name })}</p>
        </FormDialog>
      )}
    </Section>
  )
}

const Sessions = ({ person }: { readonly person: PersonView }) => {
  const me = useMe()
  const stale = useStale()
  const sessions = useQuery(sessionsQuery(person.id))
  const [ending, setEnding] = useState(false)
  const rows = sessions.data?.rows
  return (
    <Section
      title={say('people.sessions')}
      lead={say('people.sessionsLead')}
      flush
      actions={
        rows !== undefined &&
        rows.length > 0 &&
        person.id !== me.person.id && (
          <Button size="compact-md" variant="default" onClick={() => setEnding(true)}>
            {say('people.endSessions')}
          </Button>
        )
      }
    >
      <Listing<SessionRow>
        asked={sessions}
        rows={rows}
        toCome={2}
        label={say('people.sessions')}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'device',
            title: say('people.device'),
            render: ({ userAgent, address, actor }) => (
              <>
                {deviceName(userAgent)}
                <span className={rowHint}>
                  {actor === null ? address : say('people.actingHere', { name: actor.name })}
                </span>
              </>
            ),
          },
          {
            id: 'by',
            title: say('people.signedInBy'),
            from: 'tablet',
            render: ({ signedInBy }) => signedInWith(signedInBy),
          },
          {
            id: 'began',
            title: say('people.began'),
            from: 'tablet',
            render: ({ createdAt }) => <RelativeTime at={createdAt} />,
          },
          {
            id: 'seen',
            title: say('people.seen'),
            align: 'end',
            render: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} />,
          },
        ]}
        none={<Nothing>{say('people.noSessions')}</Nothing>}
      />
      {ending && (
        <FormDialog
          title={say('people.endSessionsTitle', { name: person.name })}
          submit={say('people.endSessions')}
          onClose={() => setEnding(false)}
          onSubmit={async () => {
            await client.endSessionsOf({ params: { id: person.id } })
            await stale()
          }}
        >
          <p className={classes['text']}>
            {say('people.endSessionsText', { count: rows?.length ?? 0, name: person.name })}
          </p>
        </FormDialog>
      )}
    </Section>
  )
}

const waysIn = ['password', 'passkey', 'demo', 'acting'] as const
const signedInWith = (way: string): string => {
  const known = waysIn.find((one) => one === way)
  return known === undefined ? way : say(`people.by.${known}`)
}

const deviceName = (userAgent: string): string => {
  const device = deviceOf(userAgent)
  if (device === undefined) return say('people.unknownDevice')
  return [device.browser, device.system].filter((part) => part !== undefined).join(' · ')
}

const Keys = ({ person }: { readonly person: PersonView }) => {
  const keys = useQuery(keysOfQuery(person.id))
  const [revoking, setRevoking] = useState<ApiKeyRow | null>(null)
  const { name, used, expires, revoke } = keyColumns<ApiKeyRow>({ now: useNow(), onRevoke: setRevoking })
  return (
    <Section title={say('apiKeys.title')} lead={say('people.keysLead')} flush>
      <Listing<ApiKeyRow>
        asked={keys}
        rows={keys.data?.rows}
        toCome={2}
        label={say('apiKeys.title')}
        keyOf={({ id }) => id}
        columns={[name, used, expires, revoke]}
        none={<Nothing>{say('people.noKeys')}</Nothing>}
      />
      {revoking !== null && <RevokeKey of={person.id} apiKey={revoking} onClose={() => setRevoking(null)} />}
    </Section>
  )
}
