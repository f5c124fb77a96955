import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import Drama from 'lucide-react/icons/drama'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { useMe } from '../../parts/session.ts'
import { faultSentence } from '../../ui/fault.tsx'
import classes from './people.acting-banner.module.css'

/** Above every page while somebody acts as somebody else: who, as whom, and the way back. */
export const ActingBanner = () => {
  const me = useMe()
  const actor = me.session?.actor ?? null
  const stop = useMutation({
    mutationFn: () => client.stopActing(),
    onSuccess: () => window.location.assign(`/admin/people/${me.person.id}`),
  })
  if (actor === null) return null
  return (
    <section className={classes['banner']} aria-label={say('acting.banner')}>
      <Drama size={16} aria-hidden />
      <span className={classes['text']}>
        {stop.isError
          ? faultSentence(stop.error)
          : say('acting.now', { actor: actor.name, person: me.person.name })}
      </span>
      <Button size="compact-sm" variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
        {say('acting.end')}
      </Button>
    </section>
  )
}
