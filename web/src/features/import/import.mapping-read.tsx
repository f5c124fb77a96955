import type { FieldRule, ImportMapping } from '@evenkeel/contract/import-mapping'
import { say } from '../../language/say.ts'
import { PlainTable } from '../../ui/plain-table.tsx'
import { Fact, Facts, Section } from '../../ui/settings-page.tsx'
import { type Target, type TargetGroup, valueText } from './import.fields.ts'
import classes from './import.mapping.module.css'

/** A mapping that was used: to be read, not to be changed. */
export const MappingRead = ({
  mapping,
  groups,
}: {
  readonly mapping: ImportMapping
  readonly groups: readonly TargetGroup[]
}) => {
  const { people, teams, services } = mapping
  const rows = groups.flatMap(({ group, targets }) =>
    targets.flatMap((target) => {
      const rule = mapping.fields[target.field]
      return rule === undefined ? [] : [{ ...target, group, rule }]
    }),
  )
  return (
    <>
      <Section title={say('import.group.file')}>
        <Facts>
          <Fact name={say('import.source')}>{mapping.source}</Fact>
          <Fact name={say('import.record')}>{mapping.record.join(', ')}</Fact>
          <Fact name={say('import.kind')}>{say(`import.kind.${mapping.kind}`)}</Fact>
          {mapping.kind === 'incident' && (
            <Fact name={say('import.update')}>{mapping.update?.join(', ') ?? say('import.wholeRow')}</Fact>
          )}
          {mapping.isWhole && <Fact name={say('import.whole')}>{say('import.yes')}</Fact>}
          <Fact name={say('import.timeFormat')}>{mapping.times.format}</Fact>
          <Fact name={say('import.zone')}>{mapping.times.zone}</Fact>
          <Fact name={say('import.unknownTexts')}>
            {mapping.unknown.length === 0 ? '–' : mapping.unknown.join(', ')}
          </Fact>
          <Fact name={say('import.missing.people')}>{say(`import.missingDo.${people.missing.do}`)}</Fact>
          <Fact name={say('import.missing.teams')}>{say(`import.missingDo.${teams.missing.do}`)}</Fact>
          <Fact name={say('import.missing.services')}>{say(`import.missingDo.${services.missing.do}`)}</Fact>
        </Facts>
      </Section>
      <Section title={say('import.fields')} flush>
        <PlainTable
          label={say('import.fields')}
          rows={rows}
          keyOf={({ field }) => field}
          columns={[
            {
              id: 'field',
              title: say('import.fieldHere'),
              render: ({ label, group }) => (
                <>
                  {label}
                  <span className={classes['under']}>{say(`import.group.${group}`)}</span>
                </>
              ),
            },
            {
              id: 'from',
              title: say('import.from'),
              render: (row) => (
                <span className={classes['stacked']}>
                  <From rule={row.rule} target={row} />
                  <Translated rule={row.rule} target={row} />
                </span>
              ),
            },
          ]}
        />
      </Section>
    </>
  )
}

/** Where a field comes from, in one word or text. */
export const From = ({ rule: { from }, target }: { readonly rule: FieldRule; readonly target: Target }) => {
  switch (from.is) {
    case 'column':
      return from.column === '' ? null : <code className={classes['code']}>{from.column}</code>
    case 'text':
      return <code className={classes['code']}>{from.text}</code>
    case 'value':
      return <span>{say('import.always', { value: valueText(target, from.value) })}</span>
  }
}

const Translated = ({ rule, target }: { readonly rule: FieldRule; readonly target: Target }) => {
  const all = Object.entries(rule.translate)
  return all.length === 0 ? null : (
    <span className={classes['quiet']}>
      {all
        .map(([value, to]) => `${value} → ${to === null ? say('import.staysEmpty') : valueText(target, to)}`)
        .join(', ')}
    </span>
  )
}
