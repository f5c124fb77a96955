import { Select, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { say } from '../../language/say.ts'
import { teamsQuery } from '../people/people.api.ts'
import type { FormDocument, ReplyDocument, TemplateDraft } from './template.api.ts'
import { AudienceChoice, ChecklistLines, Fields, TextWithVariables } from './template.inputs.tsx'
import { MacroSteps } from './template.macro-steps.tsx'
import classes from './template.module.css'

type Props = { readonly draft: TemplateDraft; readonly onChange: (draft: TemplateDraft) => void }

/** The form of a template: its name, whom it is for, and what its kind has. */
export const TemplateEditor = ({ draft, onChange }: Props) => {
  const teams = useQuery(teamsQuery)
  return (
    <div className={classes['form']}>
      <div className={classes['pair']}>
        <TextInput
          label={say('people.name')}
          description={say('templates.nameHint')}
          value={draft.name}
          maxLength={80}
          required
          onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
        />
        <Select
          label={say('templates.for')}
          description={say('templates.forHint')}
          data={[
            { value: '', label: say('templates.everybody') },
            ...(teams.data?.rows ?? [])
              .filter(({ id, isActive }) => isActive || id === draft.teamId)
              .map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={draft.teamId ?? ''}
          allowDeselect={false}
          searchable
          onChange={(value) => onChange({ ...draft, teamId: value === '' ? null : value })}
        />
      </div>
      <Body draft={draft} onChange={onChange} />
    </div>
  )
}

const Body = ({ draft, onChange }: Props) => {
  switch (draft.kind) {
    case 'macro':
      return (
        <MacroSteps
          steps={draft.document.steps}
          onChange={(steps) => onChange({ ...draft, document: { steps } })}
        />
      )
    case 'quick_reply':
      return <Reply document={draft.document} onChange={(document) => onChange({ ...draft, document })} />
    case 'incident':
      return <Form document={draft.document} onChange={(document) => onChange({ ...draft, document })} />
  }
}

const Reply = ({
  document,
  onChange,
}: {
  readonly document: ReplyDocument
  readonly onChange: (document: ReplyDocument) => void
}) => (
  <div className={classes['step']} data-audience={document.audience}>
    <AudienceChoice value={document.audience} onChange={(audience) => onChange({ ...document, audience })} />
    <TextWithVariables
      label={say('templates.body')}
      value={document.body}
      maxLength={10_000}
      onChange={(body) => onChange({ ...document, body })}
    />
  </div>
)

const Form = ({
  document,
  onChange,
}: {
  readonly document: FormDocument
  readonly onChange: (document: FormDocument) => void
}) => (
  <>
    <TextInput
      label={say('templates.field.title')}
      placeholder={say('templates.leave')}
      value={document.title ?? ''}
      maxLength={200}
      onChange={(event) => {
        const title = event.currentTarget.value
        onChange({ ...document, title: title === '' ? undefined : title })
      }}
    />
    <Textarea
      label={say('templates.field.description')}
      placeholder={say('templates.leave')}
      value={document.description ?? ''}
      maxLength={65_536}
      autosize
      minRows={4}
      maxRows={16}
      onChange={(event) => {
        const description = event.currentTarget.value
        onChange({ ...document, description: description === '' ? undefined : description })
      }}
    />
    <Fields value={document} onChange={(part) => onChange({ ...document, ...part })} />
    <ChecklistLines
      items={document.checklist ?? []}
      onChange={(checklist) =>
        onChange({ ...document, checklist: checklist.length === 0 ? undefined : checklist })
      }
    />
  </>
)
