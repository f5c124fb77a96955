import CloudOff from 'lucide-react/icons/cloud-off'
import { useEffect } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { relative } from '../../language/time.ts'
import { beginSending } from '../../parts/scan-sending.ts'
import { useMe } from '../../parts/session.ts'
import { useNow } from '../../ui/now.ts'
import classes from './audit.module.css'

/** Every page of stock-takings can be opened without network from then on, put on a phone's home screen, and sends what waits. */
export const Offline = () => {
  const me = useMe()
  useEffect(() => {
    beginSending(me.person.id)
    if (import.meta.env.PROD && 'serviceWorker' in navigator)
      navigator.serviceWorker
        .register('/worker.js', { scope: '/audits', updateViaCache: 'none' })
        // A browser that refuses it works all the same, with network.
        .catch(() => undefined)
  }, [me.person.id])
  return <link rel="manifest" href="/audits.webmanifest" />
}

/** Nobody answered: what is shown is from then. */
export const KeptSince = ({ at }: { readonly at: string }) => {
  const now = useNow()
  return (
    <p className={classes['kept']} role="status">
      <CloudOff size={16} aria-hidden />
      {say('audit.keptAt', { at: relative(at, now, readerZone()) })}
    </p>
  )
}
