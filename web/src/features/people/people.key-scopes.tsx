import { say } from '../../language/say.ts'
import { rowHint } from '../../ui/plain-table.tsx'
import classes from './people.key-scopes.module.css'
import { meaningOf } from './people.permissions.ts'

/** What a key may do: how much at first, each permission in words when it is opened. */
export const KeyScopes = ({ permissions }: { readonly permissions: readonly string[] }) => (
  <details className={classes['scopes']}>
    <summary className={rowHint}>{say('apiKeys.scopes', { count: permissions.length })}</summary>
    <ul className={classes['list']}>
      {permissions.map((permission) => (
        <li key={permission}>
          {meaningOf(permission)} <code className={classes['name']}>{permission}</code>
        </li>
      ))}
    </ul>
  </details>
)
