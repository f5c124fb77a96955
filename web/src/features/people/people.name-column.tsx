import type { PersonRow } from '@evenkeel/contract/people'
import { Link } from '@tanstack/react-router'
import { say } from '../../language/say.ts'
import { Person } from '../../parts/person.tsx'
import { type PlainColumn, rowHint, rowLink } from '../../ui/plain-table.tsx'
import classes from './people.module.css'

/** Who it is, and the way to them. */
export const nameColumn = (): PlainColumn<PersonRow> => ({
  id: 'name',
  title: say('people.name'),
  render: ({ id, name, title }) => (
    <>
      <Link to="/admin/people/$id" params={{ id }} className={rowLink}>
        <Person name={name} />
      </Link>
      {title !== '' && <span className={`${rowHint} ${classes['belowName'] ?? ''}`}>{title}</span>}
    </>
  ),
})
