import type { ItemValue } from '@evenkeel/contract/item'
import type { ClassAttribute } from '@evenkeel/contract/item-class'
import { asWritten, type Saying } from '../../kernel/language/saying.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { mergeOrRefuse, showPlainly } from '../record/index.ts'
import { rightsOn } from './item.commands.ts'
import type { ItemRow } from './item.repo.ts'
import { idsIn, textOf } from './item.value.ts'

type Patch = {
  readonly name?: string | undefined
  readonly values: Readonly<Record<string, ItemValue | null>>
}

/**
 * Who saw an older version of an item may still say what nobody changed since. Of what somebody changed, both values are shown.
 * @throws Refusal `changed_meanwhile` naming the attributes
 */
export const mergeEdits = async (
  q: Reader,
  caller: Caller,
  row: ItemRow,
  seen: number,
  attributes: ReadonlyMap<string, ClassAttribute>,
  { name, values }: Patch,
): Promise<void> => {
  const wishes = Object.entries(values).map(([key, value]) => ({
    column: key,
    field: `values.${key}`,
    theirs: row.values[key] ?? null,
    yours: value,
  }))
  await mergeOrRefuse(
    q,
    row,
    seen,
    name === undefined
      ? wishes
      : [...wishes, { column: 'name', field: 'name', theirs: row.name, yours: name }],
    async (field, value) => {
      const attribute = attributes.get(field.slice('values.'.length))
      return attribute === undefined || value === null
        ? showPlainly(field, value)
        : // Wishes are made of values above, and of nothing else.
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion
          inWords(q, caller, attribute, value as ItemValue)
    },
  )
}

const inWords = async (
  q: Reader,
  caller: Caller,
  attribute: ClassAttribute,
  value: ItemValue,
): Promise<Saying> => {
  const ids = idsIn(attribute, value)
  const [rows, rights] =
    ids.length === 0
      ? [[], new Map<string, { read: boolean }>()]
      : await Promise.all([
          q.rows<{ id: string; kind: string; name: string }>({
            text: `select id, 'person' as kind, name from person where tenant_id = $1 and id = any($2::uuid[])
                   union all select id, 'team', name from team where tenant_id = $1 and id = any($2::uuid[])
                   union all select id, 'item', name from item where tenant_id = $1 and id = any($2::uuid[])`,
            values: [q.tenantId, ids],
          }),
          rightsOn(q, caller, ids, 'item.read'),
        ])
  const names = new Map(
    rows.flatMap(({ id, kind, name }) =>
      kind === 'item' && rights.get(id)?.read !== true ? [] : [[`${kind} ${id}`, name] as const],
    ),
  )
  const said = (language: string): string =>
    textOf(attribute, value, language, (kind, id) => names.get(`${kind} ${id}`))
  return { ...asWritten(''), in: said }
}
