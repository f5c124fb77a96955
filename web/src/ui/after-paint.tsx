import { type ReactNode, useEffect, useState } from 'react'

/** Runs when the page stands and the browser has a moment; answers how to call it off. */
export const whenIdle = (run: () => void): (() => void) => {
  // Not every browser says when it is idle.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(run, 200)
    return () => clearTimeout(timer)
  }
  const idle = requestIdleCallback(run, { timeout: 1000 })
  return () => cancelIdleCallback(idle)
}

/** What is not seen at first (dialogs, drawers) is drawn when the page stands and the browser has a moment. */
export const AfterPaint = ({ children }: { readonly children: ReactNode }) => {
  const [ready, setReady] = useState(false)
  useEffect(() => whenIdle(() => setReady(true)), [])
  return ready ? children : null
}
