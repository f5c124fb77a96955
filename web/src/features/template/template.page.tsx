import {
  type EditTemplate,
  type NewTemplate,
  type TemplateKind,
  type TemplateView,
} from '@evenkeel/contract/template'
import { Button } from '@mantine/core'
import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { useMe } from '../../parts/session.ts'
import { useDraft } from '../../ui/draft.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { RowButton } from '../../ui/plain-table.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { RetireLine } from '../../ui/retire-line.tsx'
import { RowsToCome, Section, SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { personQuery, teamsQuery } from '../people/people.api.ts'
import {
  type Document,
  draftOf,
  emptyDraft,
  isMacro,
  missingIn,
  type TemplateDraft,
  templatesKey,
  templatesQuery,
  versionsQuery,
} from './template.api.ts'
import { differences } from './template.difference.ts'
import { DryRun } from './template.dry-run.tsx'
import { TemplateEditor } from './template.editor.tsx'
import classes from './template.module.css'
import { linesOf, type NameOf } from './template.words.ts'

const route = getRouteApi('/shell/admin/templates/$id')

/** One template, or a new one: written, tried, saved as the next version; every version it had is below. */
export const TemplatePage = () => {
  const { id } = route.useParams()
  const { kind = 'macro' } = route.useSearch()
  const templates = useQuery(templatesQuery)
  const template = templates.data?.rows.find((row) => row.id === id)
  if (id === 'new') return <Written key={`new ${kind}`} template={null} kind={kind} />
  if (templates.isError && templates.data === undefined)
    return <FaultPage error={templates.error} onRetry={() => void templates.refetch()} />
  if (template === undefined)
    return (
      <SettingsPage title={say('templates.one')} back={<Back kind={kind} />}>
        {templates.data === undefined ? (
          <RowsToCome rows={8} />
        ) : (
          <Empty title={say('notFound.title')}>{say('notFound.text')}</Empty>
        )}
      </SettingsPage>
    )
  return <Written key={id} template={template} kind={template.kind} />
}

const Back = ({ kind }: { readonly kind: TemplateKind }) => (
  <Link to="/admin/templates" search={{ kind }}>
    {say(`templates.kind.${kind}`)}
  </Link>
)

const draftFrom = (template: TemplateView): TemplateDraft =>
  draftOf(template.kind, {
    name: template.name,
    teamId: template.team?.id ?? null,
    document: template.document,
  })

/** What this browser kept of an unsaved draft, if it was made from what is there now. */
const restored = (kept: string, kind: TemplateKind, version: number): TemplateDraft | undefined => {
  if (kept === '') return undefined
  try {
    // Only this page writes it, in this shape; a draft of another version or kind is left alone.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const stored = JSON.parse(kept) as { readonly version: number; readonly draft: TemplateDraft }
    return stored.version === version && stored.draft.kind === kind ? stored.draft : undefined
  } catch {
    return undefined
  }
}

const Written = ({
  template,
  kind,
}: {
  readonly template: TemplateView | null
  readonly kind: TemplateKind
}) => {
  const me = useMe()
  const queries = useQueryClient()
  const navigate = route.useNavigate()
  const version = template?.version ?? 0
  const [kept, keep, forget] = useDraft(`${me.person.id}:template:${template?.id ?? `new-${kind}`}`)
  const saved = template === null ? emptyDraft(kind) : draftFrom(template)
  const draft = restored(kept, kind, version) ?? saved
  const write = (next: TemplateDraft): void => keep(JSON.stringify({ version, draft: next }))
  const [once] = useState(() => crypto.randomUUID())
  const stale = () => queries.invalidateQueries({ queryKey: templatesKey })
  const editable = template === null || template.mayEdit
  const changed = JSON.stringify(draft) !== JSON.stringify(saved)
  const missing = missingIn(draft)
  const save = useMutation({
    mutationFn: async () => {
      if (template === null) return client.createTemplate({ body: asNew(draft), idempotencyKey: once })
      const body: EditTemplate = { name: draft.name, teamId: draft.teamId, document: draft.document }
      return client.editTemplate({ params: { id: template.id }, body, version: template.version })
    },
    onSuccess: async ({ id }) => {
      await stale()
      forget()
      if (template === null) void navigate({ to: '/admin/templates/$id', params: { id }, replace: true })
    },
  })
  return (
    <SettingsPage
      title={template === null ? say(`templates.add.${kind}`) : template.name}
      lead={say(`templates.lead.${kind}`)}
      back={<Back kind={kind} />}
      tags={
        template !== null && (
          <>
            <Tag tone="low">{say('templates.versionNumber', { version: template.version })}</Tag>
            {!template.isActive && <Tag tone="low">{say('form.retired')}</Tag>}
          </>
        )
      }
      actions={
        editable && (
          <>
            {changed && (
              <Button variant="default" onClick={forget}>
                {say('form.discard')}
              </Button>
            )}
            <Button
              disabled={!changed || missing.length > 0}
              loading={save.isPending}
              onClick={() => save.mutate()}
            >
              {template === null
                ? say('templates.create')
                : say('templates.saveVersion', { version: template.version + 1 })}
            </Button>
          </>
        )
      }
    >
      {save.isError && <Fault error={save.error} kept={say('form.kept')} />}
      {editable ? (
        <Section
          title={say('templates.content')}
          lead={
            changed && missing.length > 0
              ? missing.map((what) => say(`templates.missing.${what}`)).join(' ')
              : changed
                ? say('templates.unsaved')
                : undefined
          }
        >
          <TemplateEditor draft={draft} onChange={write} />
        </Section>
      ) : (
        <Read document={draft.document} />
      )}
      {draft.kind === 'macro' && <DryRun steps={draft.document.steps} />}
      {template !== null && (
        <Versions
          template={template}
          onUse={
            editable
              ? (name, document) => write(draftOf(kind, { name, teamId: draft.teamId, document }))
              : undefined
          }
        />
      )}
      {template !== null && editable && (
        <Section title={template.isActive ? say('templates.retiring') : say('form.retired')}>
          <RetireLine
            isActive={template.isActive}
            onTurn={async () => {
              const { id, version, isActive } = template
              try {
                await client.editTemplate({ params: { id }, body: { isActive: !isActive }, version })
              } finally {
                await stale()
              }
            }}
          >
            {template.isActive ? say('templates.retireText') : say('templates.restoreText')}
          </RetireLine>
        </Section>
      )}
    </SettingsPage>
  )
}

const asNew = (draft: TemplateDraft): typeof NewTemplate._zod.input => {
  switch (draft.kind) {
    case 'macro':
      return { ...draft, document: draft.document }
    case 'quick_reply':
      return { ...draft, document: draft.document }
    case 'incident':
      return { ...draft, document: draft.document }
  }
}

/** Names for every id that documents hold; an id stays what it is until its name is known. */
const useNames = (documents: readonly Document[]): NameOf => {
  const teams = useQuery(teamsQuery)
  const templates = useQuery(templatesQuery)
  const services = useQuery({
    queryKey: ['services', 'all'],
    queryFn: () => client.listServices({ query: {} }),
  })
  const personIds = new Set(
    documents
      .flatMap((document) => (isMacro(document) ? document.steps : []))
      .flatMap((step) =>
        step.do === 'assign' && typeof step.to.personId === 'string' ? [step.to.personId] : [],
      ),
  )
  const people = useQueries({ queries: [...personIds].map((id) => personQuery(id)) })
  const names = new Map(
    [
      ...(teams.data?.rows ?? []),
      ...(services.data?.rows ?? []),
      ...(templates.data?.rows ?? []),
      ...people.flatMap(({ data }) => (data === undefined ? [] : [data])),
    ].map(({ id, name }) => [id, name]),
  )
  return (id) => names.get(id) ?? id
}

const Read = ({ document }: { readonly document: Document }) => {
  const nameOf = useNames([document])
  return (
    <Section title={say('templates.content')} lead={say('templates.readOnly')}>
      <dl className={classes['differences']}>
        {linesOf(document, nameOf).map(([what, text]) => (
          <Line key={what} what={what} to={text} from={null} />
        ))}
      </dl>
    </Section>
  )
}

const Line = ({
  what,
  from,
  to,
}: {
  readonly what: string
  readonly from: string | null
  readonly to: string | null
}) => (
  <>
    <dt>{what}</dt>
    <dd>
      {from !== null && <del>{from}</del>}
      {to !== null && <ins>{to}</ins>}
    </dd>
  </>
)

const Versions = ({
  template,
  onUse,
}: {
  readonly template: TemplateView
  readonly onUse: ((name: string, document: Document) => void) | undefined
}) => {
  const versions = useQuery(versionsQuery(template.id))
  const rows = versions.data?.rows ?? []
  const nameOf = useNames(rows.map(({ document }) => document))
  return (
    <Section title={say('templates.versions')} lead={say('templates.versionsLead')} flush>
      {versions.isError && <Fault error={versions.error} onRetry={() => void versions.refetch()} />}
      {versions.isPending && <RowsToCome rows={3} />}
      <ol className={classes['versions']} reversed>
        {rows.map(({ version, name, document, author, at }, index) => {
          const before = rows[index + 1]
          const changes =
            before === undefined
              ? []
              : differences(
                  [[say('people.name'), before.name], ...linesOf(before.document, nameOf)],
                  [[say('people.name'), name], ...linesOf(document, nameOf)],
                )
          return (
            <li key={version}>
              <div className={classes['versionHead']}>
                <strong>{say('templates.versionNumber', { version })}</strong>
                <span className={classes['quiet']}>
                  {author.name} · <RelativeTime at={at} />
                </span>
                {onUse !== undefined && version !== template.version && (
                  <RowButton
                    label={say('templates.useVersion', { version })}
                    onPress={() => onUse(name, document)}
                  >
                    {say('templates.use')}
                  </RowButton>
                )}
              </div>
              {before === undefined && <p className={classes['quiet']}>{say('templates.first')}</p>}
              {before !== undefined && changes.length === 0 && (
                <p className={classes['quiet']}>{say('templates.sameWords')}</p>
              )}
              {changes.length > 0 && (
                <dl className={classes['differences']}>
                  {changes.map((change) => (
                    <Line key={change.what} {...change} />
                  ))}
                </dl>
              )}
            </li>
          )
        })}
      </ol>
    </Section>
  )
}
