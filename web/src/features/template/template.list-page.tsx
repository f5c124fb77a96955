import { type TemplateView, templateKinds } from '@evenkeel/contract/template'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import FileText from 'lucide-react/icons/file-text'
import Plus from 'lucide-react/icons/plus'
import { say } from '../../language/say.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { Finder } from '../../ui/finder.tsx'
import { found } from '../../ui/finding.ts'
import { Listing } from '../../ui/listing.tsx'
import { rowLink } from '../../ui/plain-table.tsx'
import { SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import { viewCount, viewLink, ViewLinks } from '../../ui/view-links.tsx'
import { templatesQuery } from './template.api.ts'

const route = getRouteApi('/shell/admin/templates')

/** Words and changes that come back again and again: forms filled in beforehand, replies, macros. */
export const TemplatesPage = () => {
  const me = useMe()
  const { kind = 'macro', ...finding } = route.useSearch()
  const navigate = route.useNavigate()
  const templates = useQuery(templatesQuery)
  const rows =
    templates.data &&
    found(
      templates.data.rows.filter((row) => row.kind === kind),
      finding,
      ({ name, team }) => `${name} ${team?.name ?? ''}`,
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
      <ViewLinks label={say('templates.kinds')}>
        {templateKinds.toReversed().map((one) => (
          <Link
            key={one}
            to="/admin/templates"
            from="/admin/templates"
            search={(before) => ({ ...before, kind: one })}
            className={viewLink}
            aria-current={one === kind ? 'page' : undefined}
            activeProps={{}}
          >
            {say(`templates.kind.${one}`)}
            <span className={viewCount}>
              {templates.data?.rows.filter((row) => row.kind === one && row.isActive).length}
            </span>
          </Link>
        ))}
      </ViewLinks>
      <Finder
        label={say('templates.find')}
        finding={finding}
        onFind={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
      />
      <Listing<TemplateView>
        framed
        asked={templates}
        rows={rows}
        toCome={5}
        label={say(`templates.kind.${kind}`)}
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
        none={
          <Empty
            icon={<FileText size={24} aria-hidden />}
            title={finding.q === undefined ? say(`templates.none.${kind}`) : say('templates.noneMatch')}
            action={finding.q === undefined ? add : undefined}
          >
            {say(`templates.noneText.${kind}`)}
          </Empty>
        }
      />
    </SettingsPage>
  )
}
