import type { FieldRule, ImportMapping } from '@evenkeel/contract/import-mapping'
import { NativeSelect } from '@mantine/core'
import { say } from '../../language/say.ts'
import { PlainTable } from '../../ui/plain-table.tsx'
import { Section } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import type { Column } from './import.field-groups.tsx'
import type { TargetGroup } from './import.fields.ts'
import { columnsOf } from './import.mapping-faults.ts'
import classes from './import.mapping.module.css'

/** The file as it is: each column with what stands in it and what it becomes, and which ones stay behind. */
export const MappingColumns = ({
  columns,
  mapping,
  groups,
  rows,
  onRule,
}: {
  readonly columns: readonly Column[]
  readonly mapping: ImportMapping
  readonly groups: readonly TargetGroup[]
  readonly rows: number
  readonly onRule: (field: string, rule: FieldRule) => void
}) => {
  const targets = groups.flatMap((group) => group.targets)
  const becomes = (column: string) =>
    targets.filter(({ field }) => {
      const rule = mapping.fields[field]
      return rule !== undefined && columnsOf(rule).includes(column)
    })
  const names = (column: string): readonly string[] => [
    ...(mapping.record.includes(column) ? [say('import.record')] : []),
    ...(mapping.update?.includes(column) === true ? [say('import.update')] : []),
    ...becomes(column).map(({ label }) => label),
  ]
  const used = columns.filter(({ name }) => names(name).length > 0).length
  const free = targets.filter(({ field }) => mapping.fields[field] === undefined)
  if (columns.length === 0) return null
  return (
    <Section
      title={say('import.columns')}
      lead={say('import.columnsLead', { count: columns.length, used, rows })}
      flush
    >
      <details className={classes['rest']}>
        <summary>{say('import.showColumns', { count: columns.length })}</summary>
        <PlainTable
          label={say('import.columns')}
          rows={columns}
          keyOf={({ name }) => name}
          columns={[
            {
              id: 'name',
              title: say('import.column'),
              render: ({ name, looksLike, filled, distinct }) => (
                <>
                  <code className={classes['code']}>{name}</code>
                  <span className={classes['under']}>
                    {say(`import.looksLike.${looksLike}`)}, {say('import.columnCounts', { distinct, filled })}
                  </span>
                </>
              ),
            },
            {
              id: 'examples',
              title: say('import.examples'),
              from: 'tablet',
              render: ({ examples }) => (
                <span className={classes['examples']}>
                  {examples.slice(0, 3).map((example) => (
                    <code key={example} className={classes['code']}>
                      {inShort(example)}
                    </code>
                  ))}
                </span>
              ),
            },
            {
              id: 'becomes',
              title: say('import.becomes'),
              render: ({ name }) => {
                const all = names(name)
                return all.length > 0 ? (
                  <span className={classes['examples']}>
                    {all.map((one) => (
                      <Tag key={one} tone="open">
                        {one}
                      </Tag>
                    ))}
                  </span>
                ) : (
                  <NativeSelect
                    size="xs"
                    aria-label={say('import.columnBecomes', { column: name })}
                    value=""
                    data={[
                      { value: '', label: say('import.staysOut') },
                      ...free.map(({ field, label }) => ({ value: field, label })),
                    ]}
                    onChange={(event) => {
                      const field = event.currentTarget.value
                      if (field !== '')
                        onRule(field, {
                          from: { is: 'column', column: name },
                          translate: {},
                          untranslated: { do: 'refuse' },
                          unknown: { do: 'leave' },
                        })
                    }}
                  />
                )
              },
            },
          ]}
        />
      </details>
    </Section>
  )
}

const longest = 32
const inShort = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)
