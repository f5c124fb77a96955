import type { ComponentPropsWithRef } from 'react'
import classes from './small-button.module.css'

/** A picture to press, beside what it is about: as small as a finger may still be asked to hit. */
export const SmallButton = ({
  label,
  className = '',
  ...rest
}: ComponentPropsWithRef<'button'> & { readonly label: string }) => (
  <button type="button" {...rest} aria-label={label} className={`${classes['button'] ?? ''} ${className}`} />
)
