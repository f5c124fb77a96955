import classes from './secret.module.css'

/** Something to copy exactly: shown in full, taken whole with one click. */
export const Secret = ({ label, children }: { readonly label: string; readonly children: string }) => (
  <code className={classes['secret']} aria-label={label}>
    {children}
  </code>
)
