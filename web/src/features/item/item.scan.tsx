import type { ReadBarcode } from '@evenkeel/contract/item-barcode'
import { TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import ScanLine from 'lucide-react/icons/scan-line'
import { useState } from 'react'
import { Refused } from '@evenkeel/contract/client'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { sentence } from '../../ui/fault.tsx'
import classes from './item.create-dialog.module.css'

/** A barcode, typed by a scanner or by hand. What it is shows below; what it says goes to whoever asked. */
export const ScanField = ({ onRead }: { readonly onRead: (read: ReadBarcode) => void }) => {
  const [text, setText] = useState('')
  const scan = useMutation({
    mutationFn: (scanned: string) => client.readBarcode({ body: { text: scanned } }),
    onSuccess: onRead,
  })
  const read = scan.data
  return (
    <div>
      <TextInput
        label={say('item.scan')}
        description={say('item.scanHint')}
        value={text}
        maxLength={1000}
        autoComplete="off"
        spellCheck={false}
        leftSection={<ScanLine size={16} aria-hidden />}
        error={scan.isError ? faultOf(scan.error) : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          // A keyboard scanner types the separator as Ctrl+], which no field takes.
          if (event.ctrlKey && event.key === ']') {
            event.preventDefault()
            setText((before) => `${before}␝`)
          }
          // And ends with Enter, which is not meant for the form.
          if (event.key === 'Enter') {
            event.preventDefault()
            if (text.trim() !== '') scan.mutate(text)
          }
        }}
      />
      {read !== undefined && (
        <div className={classes['scanned']} role="status">
          {read.items.length > 0 && (
            <p>
              {say(read.isExact ? 'item.scanIs' : 'item.scanLike', { count: read.items.length })}{' '}
              {read.items.map(({ id, name }, place) => (
                <span key={id}>
                  {place > 0 && ', '}
                  <Link to="/items/$id" params={{ id }}>
                    {name}
                  </Link>
                </span>
              ))}
            </p>
          )}
          {read.says.length > 0 && (
            <p>{read.says.map(({ label, text: value }) => `${label}: ${value}`).join(' · ')}</p>
          )}
        </div>
      )}
    </div>
  )
}

const faultOf = (error: unknown): string =>
  error instanceof Refused
    ? (error.body.reasons ?? [{ message: error.body.title }])
        .map(({ message }) => sentence(message))
        .join(' ')
    : say('item.scanFailed')
