import type { IncidentView, Level } from '@evenkeel/contract/incident'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { isOwnWrite } from '../../parts/own-writes.ts'
import { Person } from '../../parts/person.tsx'
import { PersonPicker } from '../../parts/person-picker.tsx'
import { useMe } from '../../parts/session.ts'
import { Choice } from '../../ui/choice.tsx'
import { EditableText } from '../../ui/edit-in-place.tsx'
import { sentence } from '../../ui/fault.tsx'
import { Fresh } from '../../ui/fresh.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { clocksQuery, command, foretoldAssignment, servicesQuery, teamsQuery } from './incident.api.ts'
import { Attachments } from './incident.attachments.tsx'
import { Checklist } from './incident.checklist.tsx'
import { Clocks } from './incident.clocks.tsx'
import { CustomFields } from './incident.custom.tsx'
import { useEditIncident } from './incident.edit.ts'
import { Fact, Section, Why } from './incident.fact.tsx'
import classes from './incident.facts.module.css'
import { Affected, Watchers } from './incident.followers.tsx'
import { impactId, PriorityFact } from './incident.priority.tsx'
import { Items } from './incident.items.tsx'
import { Relations } from './incident.relations.tsx'
import { assigneesId } from './incident.take.ts'

const levels = [1, 2, 3] as const satisfies readonly Level[]
const levelOf = (value: string | null): Level | undefined => levels.find((level) => String(level) === value)

/** Everything that is known of the incident, each where it can be changed. */
export const IncidentFacts = ({ incident }: { readonly incident: IncidentView }) => {
  const seesClocks = incident.allowed.includes('incident.read_internal')
  const { isPending, failureCount } = useQuery({ ...clocksQuery(incident.id), enabled: seesClocks })
  // Clocks that came later would push what is below them out from under the pointer.
  const isWaiting = seesClocks && isPending && failureCount === 0
  return (
    <div className={classes['facts']}>
      <People incident={incident} />
      {!isWaiting && (
        <>
          {seesClocks && <Clocks id={incident.id} />}
          <What incident={incident} />
          <CustomFields incident={incident} />
          {incident.hold !== null && <Hold hold={incident.hold} />}
          {incident.resolution !== null && (
            <Resolution incident={incident} resolution={incident.resolution} />
          )}
          {incident.checklist !== null && <Checklist incident={incident} checklist={incident.checklist} />}
          <Items incident={incident} />
          <Relations incident={incident} />
          <Section title={say('attachment.title')}>
            <Attachments incident={incident} />
          </Section>
          <When incident={incident} />
          {incident.imported !== null && <BroughtIn imported={incident.imported} />}
        </>
      )}
    </div>
  )
}

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
              {incident.imported === null || incident.routing.rule !== 'imported' ? (
                <p className={classes['source']}>
                  {say('incident.routingSource', {
                    rule: incident.routing.rule,
                    version: incident.routing.version,
                  })}
                </p>
              ) : null}
            </Why>
          )}
        </Fact>
        <Affected incident={incident} />
        <Watchers incident={incident} />
      </dl>
    </Section>
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
        <PriorityFact incident={incident} />
        {(['impact', 'urgency'] as const).map((field) => (
          <Fact key={field} name={say(`field.${field}`)}>
            <Choice
              {...(field === 'impact' ? { id: impactId } : {})}
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
            {field === 'impact' && incident.impactComputed !== null && (
              <WhyImpact impact={incident.impact} computed={incident.impactComputed} />
            )}
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
        {(incident.confidential || editable) && (
          <Fact name={say('field.confidential')}>
            <Choice
              label={say('field.confidential')}
              value={String(incident.confidential)}
              options={[
                { value: 'false', label: say('incident.no') },
                { value: 'true', label: say('incident.yes'), hint: say('incident.confidentialYes') },
              ]}
              editable={editable}
              onChoose={(value) =>
                edit({ confidential: value === 'true' }, { confidential: value === 'true' })
              }
            >
              <Fresh watch={String(incident.confidential)} quiet={quiet}>
                {incident.confidential ? say('incident.confidentialYes') : say('incident.no')}
              </Fresh>
            </Choice>
          </Fact>
        )}
      </dl>
    </Section>
  )
}

/** What its items and people make of the impact, and that a person has the last word. */
const WhyImpact = ({
  impact,
  computed,
}: {
  readonly impact: Level
  readonly computed: NonNullable<IncidentView['impactComputed']>
}) => (
  <Why label={say('incident.whyImpact')}>
    <p className={classes['sentence']}>
      {say('incident.impact.computed', { level: say(`level.${computed.level}`) })}
    </p>
    {computed.sentences.map((ground) => (
      <p key={ground} className={classes['source']}>
        {sentence(ground)}
      </p>
    ))}
    {impact !== computed.level && (
      <p className={classes['source']}>{say('incident.impact.stays', { level: say(`level.${impact}`) })}</p>
    )}
  </Why>
)

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

/** Where it was before it was here: for whoever has to look it up there. */
const BroughtIn = ({ imported }: { readonly imported: NonNullable<IncidentView['imported']> }) => (
  <Section title={say('incident.imported.title')}>
    <dl className={classes['list']}>
      <Fact name={say('incident.imported.source')}>{imported.source}</Fact>
      <Fact name={say('incident.imported.key')}>{imported.key}</Fact>
      <Fact name={say('incident.imported.file')}>{imported.fileName}</Fact>
      <Fact name={say('incident.imported.by')}>
        <Person name={imported.by.name} />
      </Fact>
      <Fact name={say('incident.imported.at')}>
        <RelativeTime at={imported.at} />
      </Fact>
    </dl>
  </Section>
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
