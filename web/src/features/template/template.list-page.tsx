import { type TemplateView, templateKinds } from '@evenkeel/contract/template'
import { Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import FileText from 'lucide-react/icons/file-text'
import Plus from 'lucide-react/icons/plus'
import Search from 'lucide-react/icons/search'
import { say } from '../../language/say.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fault } from '../../ui/fault.tsx'
import { PlainTable, rowLink } from '../../ui/plain-table.tsx'
import { RowsToCome, SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { templatesQuery } from './template.api.ts'
import classes from './template.module.css'

const route = getRouteApi('/shell/admin/templates')

/** Words and changes that come back again and again: forms filled in beforehand, replies, macros. */
export const TemplatesPage = () => {
  const me = useMe()
  const { kind = 'macro', q = '', state = 'active' } = route.useSearch()
  const navigate = route.useNavigate()
  const templates = useQuery(templatesQuery)
  const words = q.toLocaleLowerCase()
  const rows = templates.data?.rows.filter(
    (row) =>
      row.kind === kind &&
      (state === 'all' || row.isActive === (state === 'active')) &&
      `${row.name} ${row.team?.name ?? ''}`.toLocaleLowerCase().includes(words),
  )
  const add = mayAtAll(me, 'template.manage') && (
    <Button
      leftSection={<Plus size={16} aria-hidden />}
      renderRoot={(props) => (
        <Link to="/admin/templates/$id" params={{ id: 'new' }} search={{ kind }} {...props} />
      )}
    >
      {say(`templates.add.${kind}`)}
    </Button>
  )
  return (
    <SettingsPage title={say('templates.title')} lead={say('templates.about')} actions={add}>
      <nav className={classes['kinds']} aria-label={say('templates.kinds')}>
        {templateKinds.toReversed().map((one) => (
          <Link
            key={one}
            to="/admin/templates"
            from="/admin/templates"
            search={(before) => ({ ...before, kind: one })}
            className={classes['kind'] ?? ''}
            aria-current={one === kind ? 'page' : undefined}
            activeProps={{}}
          >
            {say(`templates.kind.${one}`)}
            <span className={classes['count']}>
              {templates.data?.rows.filter((row) => row.kind === one && row.isActive).length}
            </span>
          </Link>
        ))}
      </nav>
      <search className={classes['filters']}>
        <TextInput
          aria-label={say('templates.find')}
          placeholder={say('templates.find')}
          leftSection={<Search size={14} aria-hidden />}
          value={q}
          className={classes['find'] ?? ''}
          onChange={(event) => {
            const text = event.currentTarget.value
            void navigate({
              search: (before) => ({ ...before, q: text === '' ? undefined : text }),
              replace: true,
            })
          }}
        />
        <Select
          aria-label={say('people.state')}
          data={(['active', 'retired', 'all'] as const).map((value) => ({
            value,
            label: say(`teams.state.${value}`),
          }))}
          value={state}
          allowDeselect={false}
          onChange={(value) =>
            void navigate({
              search: (before) => ({
                ...before,
                state: value === 'retired' || value === 'all' ? value : undefined,
              }),
              replace: true,
            })
          }
        />
      </search>
      {templates.isError && <Fault error={templates.error} onRetry={() => void templates.refetch()} />}
      {(templates.isPending || (rows !== undefined && rows.length > 0)) && (
        <div className={classes['panel']}>
          {rows === undefined ? (
            <RowsToCome rows={5} />
          ) : (
            <PlainTable<TemplateView>
              label={say(`templates.kind.${kind}`)}
              rows={rows}
              keyOf={({ id }) => id}
              quiet={({ isActive }) => !isActive}
              columns={[
                {
                  id: 'name',
                  title: say('people.name'),
                  render: ({ id, name }) => (
                    <Link to="/admin/templates/$id" params={{ id }} className={rowLink}>
                      {name}
                    </Link>
                  ),
                },
                {
                  id: 'team',
                  title: say('templates.for'),
                  render: ({ team }) => team?.name ?? say('templates.everybody'),
                },
                {
                  id: 'version',
                  title: say('templates.version'),
                  from: 'tablet',
                  align: 'end',
                  render: ({ version }) => <span className="figures">{version}</span>,
                },
                {
                  id: 'state',
                  title: say('people.state'),
                  hiddenTitle: true,
                  align: 'end',
                  render: ({ isActive }) => !isActive && <Tag tone="low">{say('form.retired')}</Tag>,
                },
              ]}
            />
          )}
        </div>
      )}
      {rows?.length === 0 && (
        <Empty
          icon={<FileText size={24} aria-hidden />}
          title={q === '' ? say(`templates.none.${kind}`) : say('templates.noneMatch')}
          action={q === '' ? add : undefined}
        >
          {say(`templates.noneText.${kind}`)}
        </Empty>
      )}
    </SettingsPage>
  )
}
