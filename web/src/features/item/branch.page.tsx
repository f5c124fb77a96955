import type { BranchPage as Branch } from '@evenkeel/contract/item-branch'
import { Button, Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import Plus from 'lucide-react/icons/plus'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { useLiveChanges } from '../../parts/live.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Fault, FaultPage, sentence } from '../../ui/fault.tsx'
import { RowButton } from '../../ui/plain-table.tsx'
import { Fact, Facts, Nothing, Panel, Section, SettingsPage } from '../../ui/settings-page.tsx'
import { branchesKey, branchesQuery, branchQuery } from './branch.api.ts'
import { BranchDialog } from './branch.dialog.tsx'
import classes from './branch.module.css'
import { OutlookPart } from './branch.outlook.tsx'
import type { BranchSearch } from './branch.search.ts'
import { StepDialog } from './branch.step-dialog.tsx'
import { BranchStateTag, sentenceOf, stretchOf, windowOf } from './branch.words.tsx'
import { itemsKey } from './item.api.ts'

const route = getRouteApi('/shell/branches/$id')

/** What a branch plans, step by step, and what would follow from it. */
export const BranchPage = () => {
  const { id } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const { data: branch, error, refetch } = useQuery(branchQuery(id))
  const open = useQuery(branchesQuery('open'))
  const changed = (): Promise<void> => queries.invalidateQueries({ queryKey: branchesKey })
  useLiveChanges('item_branch', () => void changed())
  if (branch === undefined)
    return error === null ? (
      <div role="status" aria-label={say('list.loading')} className={classes['skeleton']}>
        <Skeleton height={24} width="40%" />
        <Skeleton height={120} />
        <Skeleton height={240} />
      </div>
    ) : (
      <FaultPage error={error} onRetry={() => void refetch()} />
    )
  const others = (open.data?.rows ?? []).filter((one) => one.id !== id)
  const known = new Set(others.map((one) => one.id))
  const together = (search.with ?? '').split(',').filter((one) => known.has(one))
  return (
    <SettingsPage
      title={branch.name}
      back={<Link to="/branches">{say('branch.list')}</Link>}
      tags={<BranchStateTag state={branch.state} />}
      {...(branch.description === '' ? {} : { lead: branch.description })}
      actions={<Acts branch={branch} onChanged={changed} />}
    >
      {error !== null && <Fault error={error} kept={say('record.kept')} onRetry={() => void refetch()} />}
      <Panel>
        <Facts>
          <Fact name={say('branch.window')}>{windowOf(branch)}</Fact>
          <Fact name={say('branch.owner')}>{branch.owner.name}</Fact>
          {branch.closedAt !== null && (
            <Fact name={say(`branch.closed.${branch.state === 'applied' ? 'applied' : 'discarded'}`)}>
              {say('branch.closedBy', {
                name: branch.closedBy?.name ?? '',
                at: absolute(branch.closedAt, readerZone()),
              })}
            </Fact>
          )}
        </Facts>
      </Panel>
      <Steps branch={branch} onChanged={changed} />
      {branch.state === 'open' && (branch.steps.length > 0 || branch.more) && (
        <OutlookPart
          asked={{
            branchIds: [id, ...together],
            at: search.at,
            withCurrentOutages: search.outages === 'true',
          }}
          version={branch.version}
          others={others}
          search={search}
          onChange={(change: Partial<BranchSearch>) =>
            void navigate({
              search: (before) => ({ ...before, ...change }),
              replace: true,
              resetScroll: false,
            })
          }
        />
      )}
    </SettingsPage>
  )
}

type Part = { readonly branch: Branch; readonly onChanged: () => Promise<void> }

const Steps = ({ branch, onChanged }: Part) => {
  const [adding, setAdding] = useState(false)
  const [failed, setFailed] = useState<unknown>()
  const remove = async (stepId: string): Promise<void> => {
    setFailed(undefined)
    try {
      await client.removeBranchStep({ params: { id: branch.id, stepId } })
    } catch (error) {
      setFailed(error)
    }
    await onChanged()
  }
  return (
    <Section
      title={say('branch.planned')}
      flush
      actions={
        branch.mayPlan && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Plus size={14} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            {say('branch.addStep')}
          </Button>
        )
      }
    >
      {failed !== undefined && <Fault error={failed} />}
      {branch.steps.length === 0 && (
        <Nothing>{say(branch.more ? 'branch.onlyHidden' : 'branch.noSteps')}</Nothing>
      )}
      <ol className={classes['steps']}>
        {branch.steps.map((step) => (
          <li key={step.id} className={classes['step']}>
            <div className={classes['what']}>
              <Link
                to="/items/$id"
                params={{ id: step.item.id }}
                className={classes['name'] ?? ''}
                disabled={step.kind === 'make' && branch.state !== 'applied'}
              >
                {sentenceOf(step.sentence, step.item)}
              </Link>
              {step.from !== null && (
                <span className={classes['quiet']}>{stretchOf({ from: step.from, until: step.until })}</span>
              )}
              {step.drift !== null && (
                <span className={classes['drift']}>
                  <TriangleAlert size={14} aria-hidden /> {sentenceOf(step.drift, step.item)}
                </span>
              )}
            </div>
            {branch.mayPlan && (
              <RowButton
                label={say('branch.removeStep', { step: step.sentence })}
                onPress={() => void remove(step.id)}
              >
                {say('branch.remove')}
              </RowButton>
            )}
          </li>
        ))}
      </ol>
      {branch.more && branch.steps.length > 0 && <Nothing>{say('branch.more')}</Nothing>}
      {adding && <StepDialog branch={branch} onClose={() => setAdding(false)} onDone={onChanged} />}
    </Section>
  )
}

const Acts = ({ branch, onChanged }: Part) => {
  const [asking, setAsking] = useState<'edit' | 'discard' | 'apply'>()
  const close = (): void => setAsking(undefined)
  const { id, version } = branch
  return (
    <>
      {branch.mayPlan && (
        <>
          <Button variant="default" onClick={() => setAsking('edit')}>
            {say('branch.edit')}
          </Button>
          <Button variant="default" onClick={() => setAsking('discard')}>
            {say('branch.discard')}
          </Button>
        </>
      )}
      {branch.mayApply && branch.steps.length > 0 && (
        <Button onClick={() => setAsking('apply')}>{say('branch.apply')}</Button>
      )}
      {asking === 'edit' && <BranchDialog branch={branch} onClose={close} onDone={onChanged} />}
      {asking === 'discard' && (
        <Confirm
          title={say('branch.discardTitle', { name: branch.name })}
          text={say('branch.discardText')}
          action={say('branch.discard')}
          onConfirm={async () => {
            await client.discardBranch({ params: { id }, version, body: {} })
            await onChanged()
          }}
          onClose={close}
        />
      )}
      {asking === 'apply' && <ApplyDialog branch={branch} onChanged={onChanged} onClose={close} />}
    </>
  )
}

/** Before a branch becomes true it is tried: what would be refused is said, and then nothing is changed. */
const ApplyDialog = ({ branch, onChanged, onClose }: Part & { readonly onClose: () => void }) => {
  const queries = useQueryClient()
  const { id, version } = branch
  const tried = useQuery({
    queryKey: [...branchesKey, 'try', id, version],
    queryFn: () => client.applyBranch({ params: { id }, version, body: { dryRun: true } }),
    staleTime: 0,
    gcTime: 0,
  })
  const refused = tried.data?.refused ?? []
  if (tried.data !== undefined && refused.length === 0)
    return (
      <Confirm
        title={say('branch.applyTitle', { name: branch.name })}
        text={say('branch.applyText', { count: branch.steps.length })}
        action={say('branch.apply')}
        onConfirm={async () => {
          await client.applyBranch({ params: { id }, version, body: {} })
          void queries.invalidateQueries({ queryKey: itemsKey })
          await onChanged()
        }}
        onClose={onClose}
      />
    )
  return (
    <Dialog onClose={onClose} title={say('branch.applyTitle', { name: branch.name })} size="md">
      {tried.error !== null && <Fault error={tried.error} />}
      {tried.data === undefined && tried.error === null && <Skeleton height={80} />}
      {refused.length > 0 && (
        <>
          <p className={classes['sum']}>{say('branch.refused', { count: refused.length })}</p>
          <ul className={classes['list']}>
            {refused.map(({ stepId, sentence: why }) => (
              <li key={stepId} className={classes['affected']}>
                <div>
                  {sentence(
                    branch.steps.find((step) => step.id === stepId)?.sentence ?? say('branch.hidden'),
                  )}
                </div>
                <p className={classes['drift']}>
                  <TriangleAlert size={14} aria-hidden /> {sentence(why)}
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  )
}
