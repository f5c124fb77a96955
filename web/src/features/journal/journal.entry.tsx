import type { JournalEntryView } from '@evenkeel/contract/journal'
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleHelp from 'lucide-react/icons/circle-help'
import CircleX from 'lucide-react/icons/circle-x'
import type { ReactNode } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { Fault } from '../../ui/fault.tsx'
import { changeText, typeText } from './journal.words.ts'
import classes from './journal.module.css'

/** One entry whole: what it says, why it is there, and its seal, looked at now. */
export const JournalEntry = ({ id }: { readonly id: string }) => {
  const { data, error, refetch } = useQuery({
    queryKey: ['journal', 'entry', id],
    queryFn: () => client.readJournalEntry({ params: { id } }),
    // It is sealed about a second after it was written: then there is a proof to show.
    refetchInterval: ({ state }) => (state.data?.proof === null ? 2000 : false),
  })
  if (error !== null) return <Fault error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton height={160} />
  return (
    <div className={classes['entry']}>
      <div className={classes['said']}>
        {data.changes.length > 0 && (
          <ul className={classes['changes']}>
            {data.changes.map((change) => (
              <li key={change.field}>{changeText(change)}</li>
            ))}
          </ul>
        )}
        {data.body !== null && data.body !== '' && <p className={classes['body']}>{data.body}</p>}
        <dl className={classes['facts']} aria-label={say('journal.details')}>
          <Fact name={say('journal.when')}>{absolute(data.at, readerZone())}</Fact>
          <Fact name={say('journal.filter.type')}>
            <code>{data.type}</code>
          </Fact>
          {data.details.map(({ field, value }) => (
            <Fact key={field} name={field}>
              {value}
            </Fact>
          ))}
          <Fact name={say('journal.via')}>{data.via}</Fact>
          {data.cause !== null && (
            <Fact name={say('journal.cause')}>
              <Link to="/journal" search={{ entry: data.cause.id }}>
                {typeText(data.cause.type)}
              </Link>
            </Fact>
          )}
          {data.request !== null && (
            <Fact name={say('journal.request')}>
              <code>{data.request}</code>
            </Fact>
          )}
        </dl>
        <p className={classes['quiet']}>{say(`journal.personal.${data.personal}`)}</p>
        <p className={classes['links']}>
          <Link
            to="/journal"
            search={{
              subject: data.subject.id,
              ...(data.subject.name === null ? {} : { subjectName: data.subject.name }),
            }}
          >
            {say('journal.historyOf', { name: data.subject.name ?? data.subject.kind })}
          </Link>
          {data.subject.kind === 'incident' && data.subject.name !== null && (
            <Link to="/incidents/$id" params={{ id: data.subject.id }}>
              {data.subject.name}
            </Link>
          )}
        </p>
      </div>
      <Proof entry={data} />
    </div>
  )
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
)

const Proof = ({ entry: { proof, seal } }: { readonly entry: JournalEntryView }) => (
  <section className={classes['proof']} aria-label={say('journal.proof')}>
    <h3 className={classes['proofName']}>
      {seal === null ? say('journal.proof') : say('journal.sealed', { number: seal.number })}
    </h3>
    {proof === null ? (
      <p className={classes['quiet']} role="status">
        {say('journal.proof.none')}
      </p>
    ) : (
      <>
        <ul className={classes['checks']}>
          {proof.checks.map(({ what, holds }) => (
            <li key={what} data-holds={String(holds)}>
              {holds === true ? (
                <CircleCheck size={14} aria-hidden />
              ) : holds === false ? (
                <CircleX size={14} aria-hidden />
              ) : (
                <CircleHelp size={14} aria-hidden />
              )}
              <span>
                {say(`journal.check.${what}`)}
                {': '}
                {holds === true
                  ? say('journal.checked.yes')
                  : holds === false
                    ? say('journal.checked.no')
                    : say('journal.checked.unknown')}
              </span>
            </li>
          ))}
        </ul>
        <dl className={classes['facts']}>
          <Fact name={say('journal.head')}>
            {say('journal.headOf', { count: proof.head, at: absolute(proof.signedAt, readerZone()) })}
          </Fact>
          <Fact name={say('journal.root')}>
            <code>{proof.root}</code>
          </Fact>
          <Fact name={say('journal.hash')}>
            <code>{proof.leafHash}</code>
          </Fact>
          <Fact name={say('journal.key')}>
            <code>{proof.keys.join(', ')}</code>
          </Fact>
        </dl>
      </>
    )}
  </section>
)
