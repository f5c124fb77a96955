import { type ReactNode, useEffect, useState } from 'react'

/** What is not seen at first (dialogs, drawers) is drawn when the page stands and the browser has a moment. */
export const AfterPaint = ({ children }: { readonly children: ReactNode }) => {
  const [ready, setReady] = useState(false)
  useEffect(() => {
    // Not every browser says when it is idle.
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(() => setReady(true), 200)
      return () => clearTimeout(timer)
    }
    const idle = requestIdleCallback(() => setReady(true), { timeout: 1000 })
    return () => cancelIdleCallback(idle)
  }, [])
  return ready ? children : null
}
