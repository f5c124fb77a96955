import type { EditIncident, IncidentView, Level } from '@evenkeel/contract/incident'
import { Popover } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import CircleHelp from 'lucide-react/icons/circle-help'
import { type ReactNode, useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { isOwnWrite } from '../../parts/own-writes.ts'
import { Person } from '../../parts/person.tsx'
import { PersonPicker } from '../../parts/person-picker.tsx'
import { PriorityTag } from '../../parts/priority.tsx'
import { useMe } from '../../parts/session.ts'
import { Choice } from '../../ui/choice.tsx'
import { EditableText } from '../../ui/edit-in-place.tsx'
import { Fresh } from '../../ui/fresh.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { sentence } from '../../ui/fault.tsx'
import { command, foretoldAssignment, servicesQuery, teamsQuery } from './incident.api.ts'
import { Attachments } from './incident.attachments.tsx'
import classes from './incident.facts.module.css'
import { StateTag } from './incident.state.tsx'
import { assigneesId } from './incident.take.ts'

const levels = [1, 2, 3] as const satisfies readonly Level[]
const levelOf = (value: string | null): Level | undefined => levels.find((level) => String(level) === value)

export const useEditIncident = (incident: IncidentView) => {
  const queries = useQueryClient()
  return (body: EditIncident, foretold?: Partial<IncidentView>): Promise<void> =>
    command(queries, incident, (seen) => client.editIncident({ ...seen, body }), foretold)
}

/** Everything that is known of the incident, each where it can be changed. */
export const IncidentFacts = ({ incident }: { readonly incident: IncidentView }) => (
  <div className={classes['facts']}>
    <People incident={incident} />
    <What incident={incident} />
    {incident.hold !== null && <Hold hold={incident.hold} />}
    {incident.resolution !== null && <Resolution incident={incident} resolution={incident.resolution} />}
    <Relations incident={incident} />
    <Section title={say('attachment.title')}>
      <Attachments incident={incident} />
    </Section>
    <When incident={incident} />
  </div>
)

const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className={classes['section']}>
    <h2 className={classes['heading']}>{title}</h2>
    {children}
  </section>
)

const Fact = ({
  name,
  children,
  wide = false,
}: {
  readonly name: string
  readonly children: ReactNode
  readonly wide?: boolean
}) => (
  <div className={classes['fact']} data-wide={wide || undefined}>
    <dt className={classes['name']}>{name}</dt>
    <dd className={classes['value']}>{children}</dd>
  </div>
)

/** The sentence behind a computed thing, one press away. */
const Why = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <Popover width={320} position="bottom-end" withArrow>
    <Popover.Target>
      <button type="button" className={classes['why']} aria-label={label}>
        <CircleHelp size={14} aria-hidden />
      </button>
    </Popover.Target>
    <Popover.Dropdown>{children}</Popover.Dropdown>
  </Popover>
)

const People = ({ incident }: { readonly incident: IncidentView }) => {
  const me = useMe()
  const queries = useQueryClient()
  const editable = incident.allowed.includes('incident.assign')
  const teams = useQuery({ ...teamsQuery, enabled: editable })
  const quiet = isOwnWrite(incident.id, incident.version)
  const assign = (
    body: { personId?: string | null; teamId?: string },
    foretold?: Partial<IncidentView>,
  ): Promise<void> => command(queries, incident, (seen) => client.assignIncident({ ...seen, body }), foretold)
  return (
    <Section title={say('incident.people')}>
      <dl className={classes['list']}>
        <Fact name={say('field.requester')}>
          <Person name={incident.requester.name} />
        </Fact>
        <Fact name={say('field.team')}>
          <Choice
            label={say('field.team')}
            value={incident.team.id}
            options={
              teams.data?.rows
                .filter((team) => team.isActive)
                .map(({ id, name }) => ({ value: id, label: name })) ?? []
            }
            editable={editable}
            searchable
            onChoose={(teamId) => (teamId === null ? Promise.resolve() : assign({ teamId }))}
          >
            <Fresh watch={incident.team.id} quiet={quiet}>
              {incident.team.name}
            </Fresh>
          </Choice>
        </Fact>
        <Fact name={say('field.assignee')}>
          <PersonPicker
            id={assigneesId}
            label={say('field.assignee')}
            value={incident.assignee}
            editable={editable}
            may="incident.work"
            nothing={say('incident.nobody')}
            first={{ ...me.person, hint: say('incident.me'), teams: me.teams }}
            perTeam
            onChoose={(person, team) =>
              assign(
                {
                  personId: person?.id ?? null,
                  ...(person === null || team === null ? {} : { teamId: team.id }),
                },
                { ...foretoldAssignment(incident, person), ...(team === null ? {} : { team }) },
              )
            }
          >
            <Fresh watch={incident.assignee?.id ?? ''} quiet={quiet}>
              {incident.assignee === null ? (
                <span className={classes['none']}>{say('incident.nobody')}</span>
              ) : (
                <Person name={incident.assignee.name} />
              )}
            </Fresh>
          </PersonPicker>
          {incident.routing !== null && (
            <Why label={say('incident.whyAssigned')}>
              <p className={classes['sentence']}>{sentence(incident.routing.sentence)}</p>
              <p className={classes['source']}>
                {say('incident.routingSource', {
                  rule: incident.routing.rule,
                  version: incident.routing.version,
                })}
              </p>
            </Why>
          )}
        </Fact>
        <Watchers incident={incident} />
      </dl>
    </Section>
  )
}

const Watchers = ({ incident }: { readonly incident: IncidentView }) => {
  const me = useMe()
  const queries = useQueryClient()
  const toggle = (): Promise<void> =>
    command(
      queries,
      incident,
      async ({ params }) => {
        if (incident.watching) await client.unwatchIncident({ params: { ...params, personId: me.person.id } })
        else await client.watchIncident({ params, body: {} })
        return undefined
      },
      { watching: !incident.watching },
    )
  const others = incident.watchers.filter(({ id }) => id !== me.person.id)
  return (
    <Fact name={say('field.watchers')}>
      <span className={classes['watchers']}>
        {others.length > 0 && <span>{others.map(({ name }) => name).join(', ')}</span>}
        <button
          type="button"
          className={classes['link']}
          aria-pressed={incident.watching}
          onClick={() => void toggle().catch(() => undefined)}
        >
          {incident.watching ? say('incident.unwatch') : say('incident.watch')}
        </button>
      </span>
    </Fact>
  )
}

const What = ({ incident }: { readonly incident: IncidentView }) => {
  const edit = useEditIncident(incident)
  const editable = incident.allowed.includes('incident.edit')
  const services = useQuery({ ...servicesQuery, enabled: editable })
  const quiet = isOwnWrite(incident.id, incident.version)
  const levelOptions = levels.map((level) => ({ value: String(level), label: say(`level.${level}`) }))
  return (
    <Section title={say('incident.what')}>
      <dl className={classes['list']}>
        <Fact name={say('field.service')}>
          <Choice
            label={say('field.service')}
            value={incident.service?.id ?? null}
            nothing={say('incident.serviceUnknown')}
            options={
              services.data?.rows.map(({ id, name, supportTeam }) => ({
                value: id,
                label: name,
                hint: supportTeam.name,
              })) ?? []
            }
            editable={editable}
            searchable
            onChoose={(serviceId) => edit({ serviceId })}
          >
            <Fresh watch={incident.service?.id ?? ''} quiet={quiet}>
              {incident.service?.name ?? (
                <span className={classes['none']}>{say('incident.serviceUnknown')}</span>
              )}
            </Fresh>
          </Choice>
        </Fact>
        <Fact name={say('field.priority')}>
          <Fresh watch={incident.priority} quiet={quiet}>
            <PriorityTag priority={incident.priority} />
          </Fresh>
          <Why label={say('incident.whyPriority')}>
            <p className={classes['sentence']}>{sentence(incident.priorityReason)}</p>
            {incident.overrideReason !== null && (
              <p className={classes['source']}>{incident.overrideReason}</p>
            )}
          </Why>
        </Fact>
        {(['impact', 'urgency'] as const).map((field) => (
          <Fact key={field} name={say(`field.${field}`)}>
            <Choice
              label={say(`field.${field}`)}
              value={String(incident[field])}
              options={levelOptions}
              editable={editable}
              onChoose={(value) => {
                const level = levelOf(value)
                return level === undefined ? Promise.resolve() : edit({ [field]: level }, { [field]: level })
              }}
            >
              <Fresh watch={incident[field]} quiet={quiet}>
                {say(`level.${incident[field]}`)}
              </Fresh>
            </Choice>
          </Fact>
        ))}
        <Fact name={say('field.category')}>
          <EditableText
            label={say('field.category')}
            value={incident.category}
            editable={editable}
            maxLength={80}
            onSave={(category) => edit({ category: category.trim() }, { category: category.trim() })}
          >
            {incident.category === '' ? (
              <span className={classes['none']}>{say('edit.empty')}</span>
            ) : (
              incident.category
            )}
          </EditableText>
        </Fact>
        <Fact name={say('field.channel')}>{say(`channel.${incident.channel}`)}</Fact>
        {incident.confidential && (
          <Fact name={say('field.confidential')}>{say('incident.confidentialYes')}</Fact>
        )}
        {incident.affected.count > 0 && (
          <Fact name={say('field.affected')}>
            {say('incident.affected', { count: incident.affected.count })}
          </Fact>
        )}
      </dl>
    </Section>
  )
}

const Hold = ({ hold }: { readonly hold: NonNullable<IncidentView['hold']> }) => (
  <Section title={say('incident.onHold')}>
    <dl className={classes['list']}>
      <Fact name={say('field.holdReason')}>{say(`incident.hold.${hold.reason}`)}</Fact>
      {hold.on !== null && <Fact name={say('field.holdOn')}>{hold.on}</Fact>}
      <Fact name={say('field.since')}>
        <RelativeTime at={hold.since} />
      </Fact>
      {hold.until !== null && <Fact name={say('field.until')}>{absolute(hold.until, readerZone())}</Fact>}
    </dl>
  </Section>
)

const Resolution = ({
  incident,
  resolution,
}: {
  readonly incident: IncidentView
  readonly resolution: NonNullable<IncidentView['resolution']>
}) => (
  <Section title={say('incident.resolutionTitle')}>
    <dl className={classes['list']}>
      <Fact name={say('field.resolution')}>{say(`incident.resolution.${resolution.code}`)}</Fact>
      {resolution.by !== null && (
        <Fact name={say('field.resolvedBy')}>
          <Person name={resolution.by.name} />
        </Fact>
      )}
      <Fact name={say('field.resolvedAt')}>
        <RelativeTime at={resolution.at} />
      </Fact>
      {incident.state === 'resolved' && incident.autoCloseAt !== null && (
        <Fact name={say('field.autoCloseAt')}>{absolute(incident.autoCloseAt, readerZone())}</Fact>
      )}
      {incident.reopenCount > 0 && (
        <Fact name={say('field.reopenCount')}>{say('incident.times', { count: incident.reopenCount })}</Fact>
      )}
    </dl>
  </Section>
)

const manyChildren = 8

const Relations = ({ incident }: { readonly incident: IncidentView }) => {
  const [all, setAll] = useState(false)
  const { parent, children, links } = incident
  if (parent === null && children.length === 0 && links.length === 0) return null
  const shown = all ? children : children.slice(0, manyChildren)
  return (
    <Section title={say('incident.relations')}>
      <ul className={classes['relations']}>
        {parent !== null && <Related key={parent.id} how={say('relation.parent')} to={parent} />}
        {links.map((link) => (
          <Related
            key={`${link.type} ${link.id}`}
            how={say(`relation.${link.type}.${link.direction}`)}
            to={link}
          />
        ))}
        {shown.map((child) => (
          <Related key={child.id} how={say('relation.child')} to={child} />
        ))}
      </ul>
      {children.length > shown.length && (
        <button type="button" className={classes['link']} onClick={() => setAll(true)}>
          {say('relation.more', { count: children.length - shown.length })}
        </button>
      )}
    </Section>
  )
}

const Related = ({ how, to }: { readonly how: string; readonly to: IncidentView['children'][number] }) => (
  <li className={classes['related']}>
    <span className={classes['how']}>{how}</span>
    <Link to="/incidents/$id" params={{ id: to.id }} className={classes['relatedLink'] ?? ''}>
      <span className={classes['number']}>{to.number}</span> {to.title}
    </Link>
    <StateTag state={to.state} />
  </li>
)

const When = ({ incident }: { readonly incident: IncidentView }) => (
  <Section title={say('incident.when')}>
    <dl className={classes['list']}>
      <Fact name={say('field.createdAt')}>
        <RelativeTime at={incident.createdAt} />
      </Fact>
      <Fact name={say('field.updatedAt')}>
        <RelativeTime at={incident.updatedAt} />
      </Fact>
      {/* Of interest to those who owe the caller a word. */}
      {incident.allowed.includes('incident.read_internal') && (
        <Fact name={say('field.lastPublicAt')}>
          {incident.lastPublicAt === null ? (
            <span className={classes['none']}>{say('incident.notYetHeard')}</span>
          ) : (
            <RelativeTime at={incident.lastPublicAt} />
          )}
        </Fact>
      )}
      {incident.reassignmentCount !== null && incident.reassignmentCount > 0 && (
        <Fact name={say('field.reassignmentCount')}>
          {say('incident.times', { count: incident.reassignmentCount })}
        </Fact>
      )}
    </dl>
  </Section>
)
