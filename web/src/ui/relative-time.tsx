import { readerZone } from '../language/say.ts'
import { absolute, relative } from '../language/time.ts'
import { useNow } from './now.ts'

/** When: relative while recent, the whole truth on hover. */
export const RelativeTime = ({ at }: { readonly at: string }) => {
  const now = useNow()
  const zone = readerZone()
  return (
    <time dateTime={at} title={absolute(at, zone)} className="figures">
      {relative(at, now, zone)}
    </time>
  )
}
