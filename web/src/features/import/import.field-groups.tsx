import type { MappingProposal, UntranslatedValue } from '@evenkeel/contract/import'
import type { FieldRule, ImportMapping } from '@evenkeel/contract/import-mapping'
import { Button } from '@mantine/core'
import ChevronRight from 'lucide-react/icons/chevron-right'
import Plus from 'lucide-react/icons/plus'
import { Fragment, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { z } from 'zod'
import { say } from '../../language/say.ts'
import { sentence } from '../../ui/fault.tsx'
import { Section } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { FieldForm } from './import.field-form.tsx'
import type { Target, TargetGroup } from './import.fields.ts'
import classes from './import.mapping.module.css'
import { From } from './import.mapping-read.tsx'
import type { MappingFault } from './import.mapping-faults.ts'

export type Column = MappingProposal['columns'][number]
export type Untranslated = z.infer<typeof UntranslatedValue>

type Props = {
  readonly groups: readonly TargetGroup[]
  readonly mapping: ImportMapping
  readonly columns: readonly Column[]
  readonly reasons: MappingProposal['reasons']
  readonly untranslated: readonly Untranslated[]
  readonly faults: readonly MappingFault[]
  /** The field that the address points at. */
  readonly pointed: string | undefined
  readonly onRule: (field: string, rule: FieldRule | null) => void
  /** What belongs before and after a group. */
  readonly before: Partial<Record<TargetGroup['group'], ReactNode>>
  readonly after: Partial<Record<TargetGroup['group'], ReactNode>>
}

const newRule: FieldRule = {
  from: { is: 'column', column: '' },
  translate: {},
  untranslated: { do: 'refuse' },
  unknown: { do: 'leave' },
}

/** Our fields by what they are about: those that come from the file as a line each, the rest folded away. */
export const FieldGroups = ({ groups, pointed, onRule, before, after, ...rest }: Props) => {
  const [opened, setOpened] = useState<ReadonlySet<string>>(
    () => new Set(pointed === undefined ? [] : [pointed]),
  )
  const [added, setAdded] = useState<string>()
  const add = (field: string): void => {
    onRule(field, newRule)
    setAdded(field)
    setOpened((all) => new Set([...all, field]))
  }
  const turn = (field: string): void =>
    setOpened((all) =>
      all.has(field) ? new Set([...all].filter((one) => one !== field)) : new Set([...all, field]),
    )
  return groups.map(({ group, targets }) => {
    const mapped = targets.filter(({ field }) => rest.mapping.fields[field] !== undefined)
    const others = targets.filter(({ field }) => rest.mapping.fields[field] === undefined)
    return (
      <Fragment key={group}>
        {before[group]}
        <Section title={say(`import.group.${group}`)} flush>
          {mapped.length > 0 && (
            <ul className={classes['fields']}>
              {mapped.map((target) => (
                <Field
                  key={target.field}
                  {...rest}
                  target={target}
                  isOpen={opened.has(target.field)}
                  isPointed={pointed === target.field}
                  takesFocus={pointed === target.field || added === target.field}
                  onTurn={() => turn(target.field)}
                  onRule={(rule) => onRule(target.field, rule)}
                />
              ))}
            </ul>
          )}
          {others
            .flatMap((target) =>
              rest.faults
                .filter(({ at }) => at === `fields.${target.field}`)
                .map(({ message }) => ({ ...target, message })),
            )
            .map(({ field, label, message }) => (
              <div key={field} className={classes['wanted']}>
                <span>
                  <strong>{label}</strong> <span className={classes['fault']}>{sentence(message)}</span>
                </span>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={say('import.addField', { field: label })}
                  onClick={() => add(field)}
                >
                  {say('import.addValue')}
                </Button>
              </div>
            ))}
          {others.length > 0 && (
            <details className={classes['rest']}>
              <summary>{say('import.notMapped', { count: others.length })}</summary>
              <div className={classes['add']}>
                {others.map(({ field, label }) => (
                  <Button
                    key={field}
                    size="compact-sm"
                    variant="default"
                    leftSection={<Plus size={14} aria-hidden />}
                    aria-label={say('import.addField', { field: label })}
                    onClick={() => add(field)}
                  >
                    {label}
                  </Button>
                ))}
              </div>
            </details>
          )}
        </Section>
        {after[group]}
      </Fragment>
    )
  })
}

const Field = ({
  target,
  mapping,
  columns,
  reasons,
  untranslated,
  faults,
  isOpen,
  isPointed,
  takesFocus,
  onTurn,
  onRule,
}: Omit<Props, 'groups' | 'pointed' | 'onRule' | 'before' | 'after'> & {
  readonly target: Target
  readonly isOpen: boolean
  readonly isPointed: boolean
  readonly takesFocus: boolean
  readonly onTurn: () => void
  readonly onRule: (rule: FieldRule | null) => void
}) => {
  const body = useId()
  const line = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!takesFocus) return
    line.current?.scrollIntoView({ block: 'center' })
    line.current?.focus({ preventScroll: true })
  }, [takesFocus])
  const { field, label } = target
  const rule = mapping.fields[field]
  if (rule === undefined) return null
  const own = faults.filter(({ at }) => at === `fields.${field}`)
  const open = untranslated.filter((one) => one.field === field)
  const reason = reasons.find((one) => one.field === field)?.sentence
  return (
    <li className={classes['field']} data-pointed={isPointed || undefined}>
      <button
        ref={line}
        type="button"
        className={classes['fieldLine']}
        aria-expanded={isOpen}
        aria-controls={isOpen ? body : undefined}
        onClick={onTurn}
      >
        <span className={classes['fieldName']}>{label}</span>
        <span className={classes['fieldFrom']}>
          <From rule={rule} target={target} />
          {own.length > 0 && <Tag tone="high">{say('import.needsMending')}</Tag>}
          {open.length > 0 && <Tag tone="note">{say('import.openValues', { count: open.length })}</Tag>}
        </span>
        <ChevronRight size={16} aria-hidden className={classes['chevron']} />
      </button>
      {isOpen && (
        <div id={body} className={classes['fieldBody']}>
          {reason !== undefined && <p className={classes['quiet']}>{say('import.because', { reason })}</p>}
          <FieldForm
            target={target}
            rule={rule}
            mapping={mapping}
            columns={columns}
            untranslated={open}
            faults={own.map(({ message }) => message)}
            onChange={onRule}
          />
        </div>
      )}
    </li>
  )
}
