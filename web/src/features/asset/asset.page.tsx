import { api } from '@evenkeel/contract/api'
import { registerTables, type RegisteredProvider } from '@evenkeel/contract/asset'
import { addressOf } from '@evenkeel/contract/client'
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import Download from 'lucide-react/icons/download'
import FileClock from 'lucide-react/icons/file-clock'
import Handshake from 'lucide-react/icons/handshake'
import { say } from '../../language/say.ts'
import { ItemLink } from '../../parts/item-link.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import { PlainTable } from '../../ui/plain-table.tsx'
import { Section, SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { viewLink, ViewLinks } from '../../ui/view-links.tsx'
import { contractsQuery, registerQuery } from './asset.api.ts'
import { Licenses } from './asset.licenses.tsx'
import classes from './asset.module.css'
import { EndTag } from './asset.words.tsx'

const route = getRouteApi('/shell/assets')
const views = ['contracts', 'licenses', 'providers'] as const

/** The commercial side of everything: contracts by their end, licenses against use, and the register of providers. */
export const AssetsPage = () => {
  const { show = 'contracts', product } = route.useSearch()
  return (
    <SettingsPage title={say('asset.title')} lead={say('asset.lead')}>
      <ViewLinks label={say('asset.views')}>
        {views.map((view) => (
          <Link
            key={view}
            to="/assets"
            search={view === 'contracts' ? {} : { show: view }}
            activeOptions={{ exact: true, includeSearch: true }}
            className={viewLink}
            aria-current={view === show ? 'page' : undefined}
          >
            {say(`asset.tab.${view}`)}
          </Link>
        ))}
      </ViewLinks>
      {show === 'contracts' && <ContractList />}
      {show === 'licenses' && <Licenses product={product} />}
      {show === 'providers' && <Register />}
    </SettingsPage>
  )
}

const ContractList = () => {
  const { data, error, refetch } = useQuery(contractsQuery)
  if (data === undefined)
    return error === null ? <Skeleton height={240} /> : <Fault error={error} onRetry={() => void refetch()} />
  if (data.rows.length === 0)
    return (
      <Empty
        icon={<FileClock size={24} aria-hidden />}
        title={say('asset.contractsNone')}
        action={
          <Button
            variant="default"
            renderRoot={(props) => <Link to="/items" search={{ class: 'contract' }} {...props} />}
          >
            {say('asset.addContract')}
          </Button>
        }
      >
        {say('asset.contractsNoneText')}
      </Empty>
    )
  return (
    <Section title={say('asset.tab.contracts')} flush>
      <PlainTable
        label={say('asset.tab.contracts')}
        rows={data.rows}
        keyOf={({ item }) => item.id}
        quiet={({ end }) => end.status === 'over'}
        columns={[
          { id: 'name', title: say('asset.column.name'), render: ({ item }) => <ItemLink item={item} /> },
          {
            id: 'number',
            title: say('asset.column.number'),
            from: 'desktop',
            render: ({ number }) => <span className={classes['number']}>{number}</span>,
          },
          {
            id: 'provider',
            title: say('asset.column.provider'),
            from: 'tablet',
            render: ({ provider }) => provider !== null && <ItemLink item={provider} />,
          },
          {
            id: 'end',
            title: say('asset.column.end'),
            render: ({ end }) => (
              <span className={classes['ends']}>
                <EndTag end={end} /> {end.sentence}
              </span>
            ),
          },
        ]}
      />
    </Section>
  )
}

const Register = () => {
  const me = useMe()
  const { data, error, refetch } = useQuery(registerQuery)
  if (data === undefined)
    return error === null ? <Skeleton height={240} /> : <Fault error={error} onRetry={() => void refetch()} />
  if (data.rows.length === 0)
    return (
      <Empty
        icon={<Handshake size={24} aria-hidden />}
        title={say('asset.registerNone')}
        action={
          <Button
            variant="default"
            renderRoot={(props) => <Link to="/items" search={{ class: 'provider' }} {...props} />}
          >
            {say('asset.addProvider')}
          </Button>
        }
      >
        {say('asset.registerNoneText')}
      </Empty>
    )
  return (
    <Section title={say('asset.register')} lead={say('asset.registerLead')} flush>
      <PlainTable
        label={say('asset.register')}
        rows={data.rows}
        keyOf={({ item }) => item.id}
        columns={[
          {
            id: 'name',
            title: say('asset.column.provider'),
            render: ({ item, lei }) => (
              <>
                <ItemLink item={item} />
                {lei !== '' && <div className={classes['quiet']}>{lei}</div>}
              </>
            ),
          },
          { id: 'provides', title: say('asset.column.provides'), render: (row) => <Provides row={row} /> },
          {
            id: 'country',
            title: say('asset.column.country'),
            from: 'desktop',
            render: ({ country }) => country,
          },
          {
            id: 'chain',
            title: say('asset.column.chain'),
            from: 'desktop',
            render: ({ chain }) =>
              chain.map(({ item, rank }) => (
                <div key={item.id}>{say('asset.rank', { name: item.name, rank })}</div>
              )),
          },
          {
            id: 'exit',
            title: say('asset.column.exit'),
            from: 'desktop',
            render: ({ exitPlan }) => exitPlan !== null && say(exitPlan ? 'asset.yes' : 'asset.no'),
          },
          {
            id: 'gaps',
            title: say('asset.column.gaps'),
            from: 'tablet',
            render: ({ gaps }) => gaps.join(', '),
          },
        ]}
      />
      {mayAtAll(me, 'export') && (
        <div className={classes['downloads']}>
          <span>{say('asset.registerExport')}</span>
          {registerTables.map((table) => (
            <Button
              key={table}
              component="a"
              href={addressOf(api.exportRegister, { table }, {})}
              download
              size="compact-sm"
              variant="default"
              leftSection={<Download size={14} aria-hidden />}
            >
              {say(`asset.table.${table}`)}
            </Button>
          ))}
        </div>
      )}
    </Section>
  )
}

const Provides = ({ row: { services, supportsImportant } }: { readonly row: RegisteredProvider }) => (
  <span className={classes['end']}>
    {supportsImportant && <Tag tone="high">{say('asset.important')}</Tag>}
    {services.map(({ item }) => (
      <ItemLink key={item.id} item={item} />
    ))}
  </span>
)
