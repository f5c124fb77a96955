import classes from './person.module.css'

/** The first letters of the first and the last word of a name, in any script. */
export const initials = (name: string): string => {
  const words = name.split(/[\s-]+/u).filter((word) => /^\p{L}/u.test(word))
  const [first = '', last = ''] = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return [first, last]
    .map((word) => Array.from(word)[0] ?? '')
    .join('')
    .toLocaleUpperCase()
}

export const Initials = ({ name, size = 20 }: { readonly name: string; readonly size?: 20 | 24 | 28 }) => (
  <span className={classes['initials']} data-size={size} aria-hidden>
    {initials(name)}
  </span>
)

export const Person = ({ name, quiet = false }: { readonly name: string; readonly quiet?: boolean }) => (
  <span className={classes['person']} data-quiet={quiet || undefined}>
    <Initials name={name} />
    <span className={classes['name']} title={name}>
      {name}
    </span>
  </span>
)
