import type { IncidentStep, StepsPreview } from '@evenkeel/contract/incident-steps'
import { Button, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import Check from 'lucide-react/icons/check'
import FlaskConical from 'lucide-react/icons/flask-conical'
import X from 'lucide-react/icons/x'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Fault, sentence } from '../../ui/fault.tsx'
import { Section } from '../../ui/settings-page.tsx'
import { fieldName, fieldValue } from '../incident/incident.words.ts'
import classes from './template.module.css'

/** Quotes keep words from being read as a filter. */
const asWords = (text: string): string => `"${text.replaceAll('"', ' ')}"`
const noRows = { rows: [] }

/** Tries the steps as they stand on a real incident: the run itself, taken back. Nothing has to be saved for it. */
export const DryRun = ({ steps }: { readonly steps: readonly IncidentStep[] }) => {
  const [text, setText] = useState('')
  const [incident, setIncident] = useState<string | null>(null)
  const [asked] = useDebouncedValue(text.trim(), 200)
  const { data = noRows } = useQuery({
    queryKey: ['incidents', 'find', asked],
    queryFn: () =>
      client.listIncidents({
        query: {
          limit: 20,
          sort: '-updated',
          ...(asked === '' || incident !== null ? {} : { q: asWords(asked) }),
        },
      }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  const run = useMutation({
    mutationFn: (id: string) => client.previewSteps({ params: { id }, body: { steps: [...steps] } }),
    retry: false,
  })
  const options = data.rows.map(({ id, number, title }) => ({ value: id, label: `${number} ${title}` }))
  return (
    <Section title={say('templates.try')} lead={say('templates.tryLead')}>
      <div className={classes['try']}>
        <Select
          label={say('templates.tryOn')}
          placeholder={say('move.duplicatePlaceholder')}
          searchable
          searchValue={text}
          onSearchChange={(next) => {
            setText(next)
            if (options.find(({ value }) => value === incident)?.label !== next) setIncident(null)
          }}
          data={options}
          filter={({ options: found }) => found}
          nothingFoundMessage={say('edit.nothingFound')}
          value={incident}
          onChange={(id) => {
            setIncident(id)
            run.reset()
          }}
        />
        <Button
          variant="default"
          leftSection={<FlaskConical size={16} aria-hidden />}
          disabled={incident === null || steps.length === 0}
          loading={run.isPending}
          onClick={() => {
            if (incident !== null) run.mutate(incident)
          }}
        >
          {say('templates.tryRun')}
        </Button>
      </div>
      <div aria-live="polite">
        {run.isError && <Fault error={run.error} />}
        {run.data !== undefined && <Outcome preview={run.data} />}
      </div>
    </Section>
  )
}

const Outcome = ({ preview }: { readonly preview: StepsPreview }) => (
  <div className={classes['outcome']}>
    <p className={classes['outcomeTitle']}>
      {preview.ready ? <Check size={16} aria-hidden /> : <X size={16} aria-hidden />}
      {preview.ready ? say('templates.would') : say('templates.wouldNot')}
    </p>
    {!preview.ready && (
      <ul className={classes['items']}>
        {preview.reasons.map(({ code, message }) => (
          <li key={`${code} ${message}`}>{sentence(message)}.</li>
        ))}
      </ul>
    )}
    {preview.ready && (
      <ol className={classes['items']}>
        {preview.items
          .filter(({ type }) => type !== 'incident.macro_used')
          .map((item, index) => (
            // The same thing may happen twice; its place tells them apart.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index}>
              {item.sentence}
              {item.changes.map(({ field, from, to }) => (
                <div key={field}>
                  {fieldName(field)}: <del>{from === null ? '–' : fieldValue(field, from)}</del> →{' '}
                  <strong>{to === null ? '–' : fieldValue(field, to)}</strong>
                </div>
              ))}
              {item.body !== null && (
                <div className={classes['said']} data-audience={item.audience}>
                  {item.body}
                </div>
              )}
            </li>
          ))}
      </ol>
    )}
  </div>
)
