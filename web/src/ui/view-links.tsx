import type { ReactNode } from 'react'
import { Strip } from './strip.tsx'
import classes from './view-links.module.css'

/** The same list, seen in several ways: a row of links with the class of `viewLink`, each with how much it holds. */
export const ViewLinks = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <Strip as="nav" label={label} className={classes['links']}>
    {children}
  </Strip>
)

export const viewLink = classes['link'] ?? ''
export const viewCount = classes['count'] ?? ''
