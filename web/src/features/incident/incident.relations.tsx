import { incidentLinkTypes } from '@evenkeel/contract/choices'
import type { IncidentView, Relative } from '@evenkeel/contract/incident'
import { Button, Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Fault } from '../../ui/fault.tsx'
import { SmallButton } from '../../ui/small-button.tsx'
import { command, recordKey } from './incident.api.ts'
import { IncidentPicker, type Picked } from './incident.duplicate-picker.tsx'
import { Section, WordButton } from './incident.fact.tsx'
import classes from './incident.facts.module.css'
import { StateTag } from './incident.state.tsx'

const manyChildren = 8

/** How this incident can be tied to another one. */
const ties = ['parent', 'child', ...incidentLinkTypes] as const
type Tie = (typeof ties)[number]

const linkTypeOf = (type: string) => incidentLinkTypes.find((one) => one === type)

const useTies = (incident: IncidentView) => {
  const queries = useQueryClient()
  const { id } = incident
  const done = async (other: string): Promise<void> => {
    await queries.invalidateQueries({ queryKey: recordKey(other) })
    await queries.invalidateQueries({ queryKey: recordKey(id) })
  }
  const setParent = async (child: string, parentId: string | null): Promise<void> => {
    const { version } = await client.readIncident({ params: { id: child } })
    await client.setIncidentParent({ params: { id: child }, version, body: { parentId } })
  }
  return {
    tie: async (tie: Tie, other: string): Promise<void> => {
      if (tie === 'parent')
        await command(queries, incident, (seen) =>
          client.setIncidentParent({ ...seen, body: { parentId: other } }),
        )
      else if (tie === 'child') await setParent(other, id)
      else await client.linkIncident({ params: { id }, body: { type: tie, toId: other } })
      await done(other)
    },
    untie: async (tie: Tie, other: string, direction: 'out' | 'in'): Promise<void> => {
      if (tie === 'parent')
        await command(queries, incident, (seen) =>
          client.setIncidentParent({ ...seen, body: { parentId: null } }),
        )
      else if (tie === 'child') await setParent(other, null)
      else {
        const [from, to] = direction === 'out' ? [id, other] : [other, id]
        await client.unlinkIncident({ params: { id: from, type: tie, toId: to } })
      }
      await done(other)
    },
  }
}

export const Relations = ({ incident }: { readonly incident: IncidentView }) => {
  const me = useMe()
  const [all, setAll] = useState(false)
  const [adding, setAdding] = useState(false)
  const [error, setError] = useState<unknown>()
  const { untie } = useTies(incident)
  const { parent, children, links } = incident
  const editable = incident.allowed.includes('incident.link')
  if (parent === null && children.length === 0 && links.length === 0 && !editable) return null
  const shown = all ? children : children.slice(0, manyChildren)
  const remove = (tie: Tie | undefined, to: Relative, direction: 'out' | 'in' = 'out') =>
    editable && tie !== undefined
      ? () => {
          setError(undefined)
          untie(tie, to.id, direction).catch(setError)
        }
      : undefined
  return (
    <Section
      title={say('incident.relations')}
      action={
        editable &&
        !adding && (
          <SmallButton label={say('relation.add')} onClick={() => setAdding(true)}>
            <Plus size={14} aria-hidden />
          </SmallButton>
        )
      }
    >
      {adding && <AddTie incident={incident} onDone={() => setAdding(false)} />}
      {parent === null && children.length === 0 && links.length === 0 && !adding && (
        <WordButton onClick={() => setAdding(true)}>{say('relation.add')}</WordButton>
      )}
      <ul className={classes['relations']}>
        {parent !== null && (
          <Related
            key={parent.id}
            how={say('relation.parent')}
            to={parent}
            onRemove={remove('parent', parent)}
          />
        )}
        {links.map((link) => (
          <Related
            key={`${link.type} ${link.direction} ${link.id}`}
            how={say(`relation.${link.type}.${link.direction}`)}
            to={link}
            onRemove={remove(linkTypeOf(link.type), link, link.direction)}
          />
        ))}
        {shown.map((child) => (
          <Related key={child.id} how={say('relation.child')} to={child} onRemove={remove('child', child)} />
        ))}
      </ul>
      {error !== undefined && <Fault error={error} />}
      {children.length > shown.length && (
        <WordButton onClick={() => setAll(true)}>
          {say('relation.more', { count: children.length - shown.length })}
        </WordButton>
      )}
      {/* Looking for similar ones belongs to raising and linking; who only reads is not offered it. */}
      {incident.allowed.includes('incident.read_internal') && mayAtAll(me, 'incident.raise') && (
        <Similar incident={incident} />
      )}
    </Section>
  )
}

const AddTie = ({ incident, onDone }: { readonly incident: IncidentView; readonly onDone: () => void }) => {
  const { tie } = useTies(incident)
  const [kind, setKind] = useState<Tie>('related')
  const [picked, setPicked] = useState<Picked>(null)
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<unknown>()
  const add = async (): Promise<void> => {
    if (picked === null) return
    setRunning(true)
    setError(undefined)
    try {
      await tie(kind, picked.id)
      onDone()
    } catch (failure) {
      setError(failure)
      setRunning(false)
    }
  }
  return (
    <form
      className={classes['form']}
      aria-label={say('relation.add')}
      onSubmit={(event) => {
        event.preventDefault()
        void add()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone()
      }}
    >
      <Select
        label={say('relation.how')}
        data={ties.map((one) => ({ value: one, label: say(`relation.as.${one}`) }))}
        value={kind}
        allowDeselect={false}
        onChange={(value) => setKind(ties.find((one) => one === value) ?? kind)}
      />
      <IncidentPicker
        label={say('relation.which')}
        except={incident.id}
        value={picked}
        onChange={setPicked}
      />
      {kind === 'child' && <p className={classes['hint']}>{say('relation.childHint')}</p>}
      {error !== undefined && <Fault error={error} kept={say('edit.kept')} />}
      <div className={classes['formButtons']}>
        <Button size="compact-md" variant="default" onClick={onDone}>
          {say('dialog.back')}
        </Button>
        <Button size="compact-md" type="submit" loading={running} disabled={picked === null}>
          {say('relation.link')}
        </Button>
      </div>
    </form>
  )
}

const Related = ({
  how,
  to,
  onRemove,
}: {
  readonly how: string
  readonly to: Relative
  readonly onRemove: (() => void) | undefined
}) => (
  <li className={classes['related']}>
    <span className={classes['how']}>{how}</span>
    <Link
      to="/incidents/$id"
      params={{ id: to.id }}
      className={classes['relatedLink'] ?? ''}
      title={to.title}
    >
      <span className={classes['number']}>{to.number}</span> <bdi>{to.title}</bdi>
    </Link>
    <span className={classes['relatedEnd']}>
      <StateTag state={to.state} />
      {onRemove !== undefined && (
        <SmallButton label={say('relation.remove', { number: to.number })} onClick={onRemove}>
          <X size={12} aria-hidden />
        </SmallButton>
      )}
    </span>
  </li>
)

/** Open incidents that may be about the same: looked for when somebody asks. */
const Similar = ({ incident }: { readonly incident: IncidentView }) => {
  const [open, setOpen] = useState(false)
  const { tie } = useTies(incident)
  const [error, setError] = useState<unknown>()
  const { data, isPending } = useQuery({
    queryKey: [...recordKey(incident.id), 'similar'],
    queryFn: () =>
      client.similarIncidents({
        query: {
          title: incident.title,
          requesterId: incident.requester.id,
          ...(incident.service === null ? {} : { serviceId: incident.service.id }),
        },
      }),
    enabled: open && incident.title.length >= 3,
    retry: false,
  })
  const tied = new Set([
    incident.id,
    ...[incident.parent, ...incident.children, ...incident.links].flatMap((one) => one?.id ?? []),
  ])
  const found = (data?.incidents ?? []).filter(({ id }) => !tied.has(id))
  return (
    <details
      className={classes['similar']}
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{say('incident.similar')}</summary>
      {open && !isPending && found.length === 0 && (
        <p className={classes['none']}>{say('incident.similarNone')}</p>
      )}
      <ul className={classes['relations']}>
        {found.map((one) => (
          <li key={one.id} className={classes['related']}>
            <span className={classes['how']}>
              {one.because.map((why) => say(`raise.because.${why}`)).join(', ')}
            </span>
            <Link
              to="/incidents/$id"
              params={{ id: one.id }}
              className={classes['relatedLink'] ?? ''}
              title={one.title}
            >
              <span className={classes['number']}>{one.number}</span> <bdi>{one.title}</bdi>
            </Link>
            <span className={classes['relatedEnd']}>
              <StateTag state={one.state} />
              {incident.allowed.includes('incident.link') && (
                <SmallButton
                  label={say('relation.relate', { number: one.number })}
                  title={say('relation.relate', { number: one.number })}
                  onClick={() => {
                    setError(undefined)
                    tie('related', one.id).catch(setError)
                  }}
                >
                  <Plus size={12} aria-hidden />
                </SmallButton>
              )}
            </span>
          </li>
        ))}
      </ul>
      {error !== undefined && <Fault error={error} />}
    </details>
  )
}
