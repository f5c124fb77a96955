import { Button, CopyButton, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useMemo, useState } from 'react'
import { encode } from 'uqr'
import { say } from '../language/say.ts'
import { Fault } from '../ui/fault.tsx'
import { client } from './api.ts'
import { withProof } from './proof.tsx'
import { useMe } from './session.ts'
import { Secret } from '../ui/secret.tsx'
import classes from './totp.module.css'

export type Enrolment = { readonly secret: string; readonly address: string }

/** The square to scan, the secret for typing, and the first code from it. */
export const TotpSetUp = ({
  enrolment,
  onBack,
  onDone,
}: {
  readonly enrolment: Enrolment
  readonly onBack: () => void
  readonly onDone: (codes: readonly string[]) => Promise<void>
}) => {
  const [code, setCode] = useState('')
  const confirm = useMutation({
    mutationFn: () => withProof(() => client.confirmTotp({ body: { totp: code.trim() } })),
    onSuccess: ({ codes }) => onDone(codes),
    onError: () => setCode(''),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    confirm.mutate()
  }
  return (
    <form className={classes['dialog']} onSubmit={submit}>
      <div className={classes['scan']}>
        <QrCode content={enrolment.address} label={say('totp.qr')} />
        <div className={classes['scanWords']}>
          <span>{say('totp.scan')}</span>
          <div>
            <span className={classes['about']}>{say('totp.cannotScan')}</span>
            <Secret label={say('totp.cannotScan')}>{enrolment.secret}</Secret>
          </div>
          <TextInput
            label={say('totp.code')}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            required
            withAsterisk={false}
            inputMode="numeric"
            pattern="\d{6}"
            maxLength={6}
            autoComplete="one-time-code"
            // In a dialog, and on a page that has just become this one.
            autoFocus
            data-autofocus
          />
        </div>
      </div>
      {confirm.isError && <Fault error={confirm.error} />}
      <div className={classes['end']}>
        <Button variant="default" onClick={onBack}>
          {say('dialog.back')}
        </Button>
        <Button type="submit" loading={confirm.isPending}>
          {say('totp.confirm')}
        </Button>
      </div>
    </form>
  )
}

/** Drawn in the browser: the secret goes nowhere. Always dark on light, or some cameras do not read it. */
const QrCode = ({ content, label }: { readonly content: string; readonly label: string }) => {
  const { size, path } = useMemo(() => {
    const code = encode(content, { ecc: 'M', border: 3 })
    return {
      size: code.size,
      path: code.data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join(''),
    }
  }, [content])
  return (
    <svg
      className={classes['qr']}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}

/** Shown once: they go away by the button that says they are kept. */
export const RecoveryCodes = ({
  codes,
  onDone,
}: {
  readonly codes: readonly string[]
  readonly onDone: () => void
}) => {
  const { email } = useMe().person
  const file = say('totp.codesFile', { email })
  const text = `${file}\n\n${codes.join('\n')}\n`
  return (
    <div className={classes['dialog']}>
      <p className={classes['about']}>{say('totp.codesText')}</p>
      <ul className={classes['codes']} aria-label={say('totp.codesTitle')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={classes['end']}>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? say('totp.codesCopied') : say('totp.codesCopy')}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={() => download(`${file}.txt`, text)}>
          {say('totp.codesDownload')}
        </Button>
        <Button onClick={onDone} autoFocus data-autofocus>
          {say('totp.codesDone')}
        </Button>
      </div>
    </div>
  )
}

const download = (name: string, text: string): void => {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
