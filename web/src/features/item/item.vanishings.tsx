import type { ItemVanishing } from '@evenkeel/contract/item-source'
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { announce } from '../../ui/announce.tsx'
import { Fault, sentence } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Section } from '../../ui/settings-page.tsx'
import { itemSourcesQuery, itemsKey } from './item.api.ts'
import classes from './item.conflicts-page.module.css'

/** Whole deliveries that left out so much that they themselves may be what is wrong. */
export const Vanishings = ({ source }: { readonly source: string | undefined }) => {
  const { data, error, refetch } = useQuery(itemSourcesQuery)
  if (error !== null) return <Fault error={error} onRetry={() => void refetch()} />
  const waiting = (data?.vanishings ?? []).filter((one) => source === undefined || one.source === source)
  return waiting.length === 0 ? null : (
    <Section title={say('vanishing.title')} lead={say('vanishing.lead')}>
      <ul className={classes['vanishings']}>
        {waiting.map((one) => (
          <Vanishing key={one.id} vanishing={one} />
        ))}
      </ul>
    </Section>
  )
}

const Vanishing = ({ vanishing }: { readonly vanishing: ItemVanishing }) => {
  const { id, source, sourceLabel, at, sentence: why } = vanishing
  const queries = useQueryClient()
  const decide = useMutation({
    mutationFn: (decision: 'end' | 'stay') => client.decideVanishing({ params: { id }, body: { decision } }),
    onSuccess: (_, decision) =>
      announce(say(decision === 'end' ? 'vanishing.ended' : 'vanishing.stayed', { source: sourceLabel })),
    onSettled: () => queries.invalidateQueries({ queryKey: itemsKey }),
  })
  return (
    <li className={classes['vanishing']}>
      <p className={classes['why']}>
        <strong>{sourceLabel}</strong> <RelativeTime at={at} />: {sentence(why)}.{' '}
        <Link to="/items" search={{ q: `source:${source}` }}>
          {say('vanishing.look')}
        </Link>
      </p>
      <div className={classes['acts']}>
        <Button
          variant="default"
          disabled={decide.isPending}
          onClick={() => decide.mutate('stay')}
          aria-label={say('vanishing.stayOf', { source: sourceLabel })}
        >
          {say('vanishing.stay')}
        </Button>
        <Button
          variant="default"
          disabled={decide.isPending}
          onClick={() => decide.mutate('end')}
          aria-label={say('vanishing.endOf', { source: sourceLabel })}
        >
          {say('vanishing.end')}
        </Button>
      </div>
      {decide.isError && <Fault error={decide.error} />}
    </li>
  )
}
