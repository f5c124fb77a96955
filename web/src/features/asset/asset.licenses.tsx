import type { LicensePosition, LicenseProof } from '@evenkeel/contract/asset'
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import KeyRound from 'lucide-react/icons/key-round'
import { say } from '../../language/say.ts'
import { ItemLink } from '../../parts/item-link.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import { PlainTable } from '../../ui/plain-table.tsx'
import { Section } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { positionQuery, positionsQuery } from './asset.api.ts'
import classes from './asset.module.css'

const tones = { under: 'high', exact: 'done', over: 'done' } as const

const Standing = ({ position: { standing, balance } }: { readonly position: LicensePosition }) => (
  <Tag tone={tones[standing]}>
    {standing === 'exact'
      ? say('asset.standing.exact')
      : say(`asset.standing.${standing}`, { count: Math.abs(balance) })}
  </Tag>
)

/** What licenses allow against what is installed; a product opens to what is behind both numbers. */
export const Licenses = ({ product }: { readonly product: string | undefined }) => {
  const { data, error, refetch } = useQuery(positionsQuery)
  if (data === undefined)
    return error === null ? <Skeleton height={240} /> : <Fault error={error} onRetry={() => void refetch()} />
  if (data.rows.length === 0)
    return (
      <Empty
        icon={<KeyRound size={24} aria-hidden />}
        title={say('asset.licensesNone')}
        action={
          <Button
            variant="default"
            renderRoot={(props) => <Link to="/items" search={{ class: 'software' }} {...props} />}
          >
            {say('asset.openSoftware')}
          </Button>
        }
      >
        {say('asset.licensesNoneText')}
      </Empty>
    )
  return (
    <>
      <Section title={say('asset.tab.licenses')} flush>
        <PlainTable
          label={say('asset.tab.licenses')}
          rows={data.rows}
          keyOf={({ product: one, metric }) => `${one.id} ${metric}`}
          columns={[
            {
              id: 'product',
              title: say('asset.column.product'),
              render: ({ product: one }) => (
                <Link
                  to="/assets"
                  search={{ show: 'licenses', product: one.id }}
                  resetScroll={false}
                  className={classes['link'] ?? ''}
                  aria-label={say('asset.showProof', { product: one.name })}
                >
                  {one.name}
                </Link>
              ),
            },
            {
              id: 'metric',
              title: say('asset.column.metric'),
              from: 'tablet',
              render: ({ metric }) => say(`asset.metric.${metric}`),
            },
            {
              id: 'entitled',
              title: say('asset.column.entitled'),
              align: 'end',
              render: ({ entitled }) => entitled,
            },
            { id: 'used', title: say('asset.column.used'), align: 'end', render: ({ used }) => used },
            {
              id: 'balance',
              title: say('asset.column.balance'),
              render: (position) => <Standing position={position} />,
            },
          ]}
        />
      </Section>
      {product !== undefined && <Proofs key={product} product={product} />}
    </>
  )
}

const Proofs = ({ product }: { readonly product: string }) => {
  const { data, error, refetch } = useQuery(positionQuery(product, {}))
  if (data === undefined)
    return error === null ? <Skeleton height={240} /> : <Fault error={error} onRetry={() => void refetch()} />
  return data.positions.map((proof) => <Proof key={proof.metric} proof={proof} />)
}

const Proof = ({ proof }: { readonly proof: LicenseProof }) => (
  <Section
    title={say('asset.proof', { product: proof.product.name })}
    lead={proof.doubt === '' ? undefined : proof.doubt}
    actions={<Standing position={proof} />}
    flush
  >
    <div className={classes['proof']}>
      <div>
        <h3>{say('asset.proofEntitled', { count: proof.entitled })}</h3>
        <p className={classes['quiet']}>{proof.entitledSentence}</p>
      </div>
    </div>
    {proof.licenses.length > 0 && (
      <PlainTable
        label={say('asset.proofEntitled', { count: proof.entitled })}
        rows={proof.licenses}
        keyOf={({ item }) => item.id}
        quiet={({ counts }) => !counts}
        columns={[
          { id: 'name', title: say('asset.column.license'), render: ({ item }) => <ItemLink item={item} /> },
          {
            id: 'quantity',
            title: say('asset.column.quantity'),
            align: 'end',
            render: ({ quantity }) => quantity,
          },
          { id: 'counts', title: say('asset.column.counts'), render: ({ sentence }) => sentence },
        ]}
      />
    )}
    <div className={classes['proof']}>
      <div>
        <h3>{say('asset.proofUsed', { count: proof.used })}</h3>
        <p className={classes['quiet']}>{proof.usedSentence}</p>
      </div>
    </div>
    {proof.uses.length > 0 && (
      <PlainTable
        label={say('asset.proofUsed', { count: proof.used })}
        rows={proof.uses}
        keyOf={({ item }) => item.id}
        quiet={({ counts }) => !counts}
        columns={[
          { id: 'device', title: say('asset.column.device'), render: ({ item }) => <ItemLink item={item} /> },
          {
            id: 'user',
            title: say('asset.column.user'),
            shown: proof.metric === 'user',
            render: ({ usedBy }) => usedBy?.name,
          },
          {
            id: 'cores',
            title: say('asset.column.cores'),
            align: 'end',
            shown: proof.metric === 'core',
            render: ({ cores }) => cores,
          },
          { id: 'counts', title: say('asset.column.counts'), render: ({ sentence }) => sentence },
        ]}
      />
    )}
    {proof.more && <p className={classes['proof']}>{say('asset.proofMore')}</p>}
  </Section>
)
