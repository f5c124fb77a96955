import { Refused } from '@evenkeel/contract/client'
import { Button, Skeleton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import ChevronLeft from 'lucide-react/icons/chevron-left'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { withProof } from '../../parts/proof.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { useDraft } from '../../ui/draft.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import { useNow } from '../../ui/now.ts'
import { usePageTitle } from '../../ui/page-title.ts'
import { isPolicyKind, type PolicyKind, previewQuery, versionQuery, versionsQuery } from './policy.api.ts'
import { PolicyEditor } from './policy.editor.tsx'
import { Effect } from './policy.effect.tsx'
import classes from './policy.module.css'
import { PublishDialog } from './policy.publish.tsx'
import { Versions } from './policy.versions.tsx'

const route = getRouteApi('/shell/admin/policies/$kind')

/** One policy: as it is, as one would have it, what that would change, and every version there was. */
export const PolicyPage = () => {
  const { kind } = route.useParams()
  const { name = '' } = route.useSearch()
  if (!isPolicyKind(kind)) return <Empty title={say('notFound.title')}>{say('notFound.text')}</Empty>
  return <Policy key={`${kind} ${name}`} kind={kind} name={name} />
}

type Draft = { readonly base: number; readonly document: unknown }

const draftIn = (text: string): Draft | null => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' &&
      value !== null &&
      'base' in value &&
      typeof value.base === 'number' &&
      'document' in value
      ? { base: value.base, document: value.document }
      : null
  } catch {
    return null
  }
}

const backTests = [100, 1000, 5000] as const

const Policy = ({ kind, name }: { readonly kind: PolicyKind; readonly name: string }) => {
  const me = useMe()
  const queries = useQueryClient()
  const now = useNow()
  const title = name === '' ? say(`policy.kind.${kind}`) : say('policy.calendarNamed', { name })
  usePageTitle(title)
  const versions = useQuery(versionsQuery(kind, name))
  const latest = versions.data?.versions[0]
  const inForce =
    versions.data?.versions.find(
      ({ effectiveFrom, publishedAt }) =>
        // What held from the moment it was published holds, whatever this clock says.
        effectiveFrom === publishedAt || Date.parse(effectiveFrom) <= now,
    ) ?? latest
  const base = useQuery(versionQuery(kind, name, latest?.version))
  const [text, write, clear] = useDraft(`policy:${kind}:${name}:text`)
  const [last, setLast] = useState<number>(1000)
  const [blocked, setBlocked] = useState(false)
  const [publishing, setPublishing] = useState<string>()
  const mayPublish = mayAtAll(me, 'policy.publish')

  const draft = draftIn(text)
  const original = base.data?.document
  const document = draft === null ? original : draft.document
  const json = JSON.stringify(document)
  // A calendar under a new name is new as it stands, before anything about it is changed.
  const isNew = kind === 'calendar' && latest?.version === 0
  const changed = document !== undefined && (isNew || json !== JSON.stringify(original))
  const [asked] = useDebouncedValue(json, 400)
  const preview = useQuery(previewQuery(kind, name, asked ?? 'null', last, changed && asked !== undefined))
  const overtaken = draft !== null && latest !== undefined && draft.base !== latest.version
  const ready = changed && !blocked && !overtaken && asked === json && preview.isSuccess

  const edit = (next: unknown): void =>
    write(JSON.stringify({ base: draft?.base ?? latest?.version ?? 0, document: next }))
  const publish = async (note: string, effectiveFrom: string | undefined, key: string): Promise<void> => {
    try {
      await withProof(() =>
        client.publishPolicy({
          params: { kind },
          body: {
            name,
            document,
            note,
            basedOn: latest?.version ?? 0,
            ...(effectiveFrom === undefined ? {} : { effectiveFrom }),
          },
          idempotencyKey: key,
        }),
      )
    } catch (error) {
      // Somebody was quicker: the page shows what they published, and keeps this draft.
      if (error instanceof Refused && error.body.code === 'changed_meanwhile') {
        write(JSON.stringify({ base: latest?.version ?? 0, document }))
        await queries.invalidateQueries({ queryKey: ['policies'] })
      }
      throw error
    }
    await queries.invalidateQueries({ queryKey: ['policies'] })
    clear()
    setPublishing(undefined)
  }

  return (
    <div className={classes['page']}>
      <header className={classes['head']}>
        <div className={classes['headWords']}>
          <Link to="/admin/policies" className={classes['back'] ?? ''}>
            <ChevronLeft size={14} aria-hidden />
            {say('policy.list')}
          </Link>
          <h1 className={classes['heading']}>{title}</h1>
          <p className={classes['lead']}>
            {say(`policy.about.${kind}`)}{' '}
            {inForce !== undefined &&
              (inForce.version === 0
                ? say('policy.builtIn')
                : say('policy.inForce', {
                    version: String(inForce.version),
                    since: absolute(inForce.effectiveFrom, readerZone()),
                  }))}{' '}
            {latest !== undefined &&
              inForce !== undefined &&
              latest.version !== inForce.version &&
              say('policy.scheduled', {
                version: String(latest.version),
                at: absolute(latest.effectiveFrom, readerZone()),
              })}
          </p>
        </div>
        {mayPublish && (
          <div className={classes['acts']}>
            <Button variant="default" disabled={draft === null} onClick={clear}>
              {say('policy.drop')}
            </Button>
            <Button disabled={!ready} onClick={() => setPublishing('')}>
              {say('policy.publish')}
            </Button>
          </div>
        )}
      </header>
      {versions.error !== null && <Fault error={versions.error} onRetry={() => void versions.refetch()} />}
      {overtaken && (
        <div className={classes['conflict']} role="alert">
          <span>
            {say('policy.overtaken', { version: String(latest.version), author: latest.author?.name ?? '' })}
          </span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => write(JSON.stringify({ base: latest.version, document }))}
          >
            {say('policy.keepMine')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={clear}>
            {say('policy.takeTheirs', { version: String(latest.version) })}
          </Button>
        </div>
      )}
      <div className={classes['columns']}>
        <section className={classes['editor']} aria-label={say('policy.editor')}>
          {document === undefined && base.error === null ? (
            <Skeleton height={280} />
          ) : (
            <PolicyEditor
              kind={kind}
              document={document}
              published={original}
              editable={mayPublish}
              onChange={edit}
              onBlocked={setBlocked}
            />
          )}
          {base.error !== null && <Fault error={base.error} onRetry={() => void base.refetch()} />}
        </section>
        <Effect
          kind={kind}
          changed={changed}
          preview={preview}
          current={asked === json}
          {...(kind === 'routing' || kind === 'item_classes'
            ? { backTest: { last, choices: backTests, onChange: setLast } }
            : {})}
        />
      </div>
      {versions.data !== undefined && (
        <Versions
          kind={kind}
          name={name}
          versions={versions.data.versions}
          inForce={inForce?.version}
          {...(mayPublish
            ? {
                onRevert: async (version: number) => {
                  const old = await queries.ensureQueryData(versionQuery(kind, name, version))
                  write(JSON.stringify({ base: latest?.version ?? 0, document: old.document }))
                  setPublishing(say('policy.revertNote', { version: String(version) }))
                },
              }
            : {})}
        />
      )}
      {publishing !== undefined && (
        <PublishDialog
          title={title}
          note={publishing}
          ready={ready}
          {...(preview.data === undefined || asked !== json ? {} : { preview: preview.data })}
          kind={kind}
          onPublish={publish}
          onClose={() => setPublishing(undefined)}
        />
      )}
    </div>
  )
}
