import { ImportMapping } from '@evenkeel/contract/import-mapping'
import { Button, FileButton, Menu, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import ChevronDown from 'lucide-react/icons/chevron-down'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { announce } from '../../ui/announce.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { mappingsKey, mappingsQuery, mappingVersionsQuery } from './import.api.ts'
import classes from './import.mapping.module.css'

type Props = {
  readonly mapping: ImportMapping
  /** Of the saved mapping it came from. */
  readonly name: string | null
  readonly isFixed: boolean
  readonly onSaved: (name: string) => void
  readonly onLoad: (mapping: ImportMapping, name: string | null) => void
}

/** Mappings are kept under a name, each time as a new version, and travel as files. */
export const SavedMappings = ({ mapping, name, isFixed, onSaved, onLoad }: Props) => {
  const [saving, setSaving] = useState(false)
  const [fault, setFault] = useState<string>()
  const saved = useQuery({ ...mappingsQuery, enabled: !isFixed })
  const read = async (file: File | null): Promise<void> => {
    if (file === null) return
    const read = fromFile(await file.text())
    if (read === undefined) setFault(say('import.notAMapping', { name: file.name }))
    else {
      setFault(undefined)
      onLoad(read, null)
      announce(say('import.loaded', { name: file.name }))
    }
  }
  return (
    <>
      <div className={classes['bar']}>
        <span className={classes['barText']}>
          {name === null ? (
            <span className={classes['quiet']}>{say('import.unnamed')}</span>
          ) : (
            say('import.fromSaved', { name })
          )}
        </span>
        {!isFixed && (saved.data?.mappings.length ?? 0) > 0 && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                size="compact-sm"
                variant="default"
                rightSection={<ChevronDown size={14} aria-hidden />}
              >
                {say('import.loadSaved')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
              {saved.data?.mappings.map((one) => (
                <SavedVersions key={one.name} name={one.name} onLoad={onLoad} />
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
        {!isFixed && (
          <FileButton accept=".json,application/json" onChange={(file) => void read(file)}>
            {(props) => (
              <Button {...props} size="compact-sm" variant="default">
                {say('import.loadFile')}
              </Button>
            )}
          </FileButton>
        )}
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => download(mapping, `${name ?? mapping.source}.json`)}
        >
          {say('import.download')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => setSaving(true)}>
          {say('import.saveAs')}
        </Button>
      </div>
      {fault !== undefined && (
        <p role="alert" className={classes['fault']}>
          {fault}
        </p>
      )}
      {saving && (
        <SaveDialog
          mapping={mapping}
          first={name ?? mapping.source}
          onSaved={onSaved}
          onClose={() => setSaving(false)}
        />
      )}
    </>
  )
}

/** A mapping out of a file; undefined when it is something else. */
const fromFile = (text: string): ImportMapping | undefined => {
  try {
    return ImportMapping.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

const download = (mapping: ImportMapping, name: string): void => {
  const address = URL.createObjectURL(
    new Blob([`${JSON.stringify(mapping, undefined, 2)}\n`], { type: 'application/json' }),
  )
  const link = document.createElement('a')
  link.href = address
  link.download = name.replaceAll(/[\\/:*?"<>|]+/g, '-')
  link.click()
  URL.revokeObjectURL(address)
}

const SavedVersions = ({ name, onLoad }: { readonly name: string; readonly onLoad: Props['onLoad'] }) => {
  const { data } = useQuery(mappingVersionsQuery(name))
  return (
    <>
      <Menu.Label>{name}</Menu.Label>
      {data?.versions.map(({ version, note, author, mapping }) => (
        <Menu.Item
          key={version}
          onClick={() => {
            onLoad(mapping, name)
            announce(say('import.loaded', { name }))
          }}
        >
          {say('templates.versionNumber', { version })}
          <span className={classes['quiet']}>
            {' '}
            {[note, author?.name].filter((part) => part !== undefined && part !== '').join(' · ')}
          </span>
        </Menu.Item>
      ))}
    </>
  )
}

const SaveDialog = ({
  mapping,
  first,
  onSaved,
  onClose,
}: {
  readonly mapping: ImportMapping
  readonly first: string
  readonly onSaved: (name: string) => void
  readonly onClose: () => void
}) => {
  const queries = useQueryClient()
  const [name, setName] = useState(first.slice(0, 80))
  const [note, setNote] = useState('')
  return (
    <FormDialog
      title={say('import.saveTitle')}
      submit={say('form.save')}
      ready={name.trim() !== ''}
      onClose={onClose}
      onSubmit={async () => {
        const saved = await client.saveMapping({
          params: { name: name.trim() },
          body: { mapping, note: note.trim() },
        })
        await queries.invalidateQueries({ queryKey: mappingsKey })
        onSaved(saved.name)
        announce(say('import.saved', { name: saved.name, version: saved.version }))
      }}
    >
      <p className={classes['quiet']}>{say('import.saveText')}</p>
      <TextInput
        label={say('import.mappingName')}
        value={name}
        maxLength={80}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label={say('import.mappingNote')}
        value={note}
        maxLength={500}
        autosize
        minRows={2}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
