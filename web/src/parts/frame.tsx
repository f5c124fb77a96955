import type { ReactNode } from 'react'
import classes from './frame.module.css'

/** Around every page for people who are not signed in. */
export const Frame = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <main className={classes['page']}>
    <div className={classes['box']}>
      <header className={classes['head']}>
        <svg width="40" height="40" viewBox="0 0 32 32" aria-hidden>
          <rect width="32" height="32" rx="7" fill="var(--mantine-color-teal-7)" />
          <path d="M6 13h20" stroke="#fff" strokeWidth="2.500" strokeLinecap="round" />
          <path d="M9 17.500h14c-1.200 4.600-4 7.500-7 9-3-1.500-5.800-4.400-7-9Z" fill="#fff" />
        </svg>
        <h1 className={classes['title']}>{title}</h1>
      </header>
      {children}
    </div>
  </main>
)
