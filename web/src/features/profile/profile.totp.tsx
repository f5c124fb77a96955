import { Button, CopyButton, Modal, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Check from 'lucide-react/icons/check'
import { type FormEvent, useMemo, useState } from 'react'
import { encode } from 'uqr'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { withProof } from '../../parts/proof.tsx'
import { sessionQuery, useMe } from '../../parts/session.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Fault } from '../../ui/fault.tsx'
import classes from './profile.module.css'

type Opened = 'off' | 'renew'

/** Codes from an application on a phone: set up, renewed, turned off. */
export const Totp = () => {
  const { credentials } = useMe()
  const queries = useQueryClient()
  const [opened, setOpened] = useState<Opened>()
  const [enrolment, setEnrolment] = useState<{ readonly secret: string; readonly address: string }>()
  const [codes, setCodes] = useState<readonly string[]>()
  const changed = async (): Promise<void> => {
    await queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
  }
  const begin = useMutation({
    mutationFn: () => withProof(() => client.enrolTotp()),
    onSuccess: setEnrolment,
  })
  return (
    <section className={classes['part']} aria-labelledby="totp">
      <header className={classes['partHead']}>
        <h2 id="totp" className={classes['partTitle']}>
          {say('totp.title')}
        </h2>
        {credentials.hasTotp && (
          <span className={classes['state']}>
            <Check size={12} aria-hidden />
            {say('totp.on')}
          </span>
        )}
        <p className={classes['about']}>{say('totp.hint')}</p>
        {credentials.hasTotp && (
          <p className={classes['about']}>
            {say('totp.codesLeft', { count: credentials.recoveryCodesLeft })}
          </p>
        )}
      </header>
      {begin.isError && <Fault error={begin.error} />}
      <div className={classes['buttons']}>
        {credentials.hasTotp ? (
          <>
            <Button variant="default" onClick={() => setOpened('renew')}>
              {say('totp.renew')}
            </Button>
            <Button variant="default" onClick={() => setOpened('off')}>
              {say('totp.off')}
            </Button>
          </>
        ) : (
          <Button variant="default" loading={begin.isPending} onClick={() => begin.mutate()}>
            {say('totp.begin')}
          </Button>
        )}
      </div>
      {enrolment !== undefined && (
        <SetUp
          enrolment={enrolment}
          onClose={() => setEnrolment(undefined)}
          onDone={async (made) => {
            setEnrolment(undefined)
            setCodes(made)
            await changed()
          }}
        />
      )}
      {opened === 'off' && (
        <Confirm
          title={say('totp.offTitle')}
          text={say('totp.offText')}
          action={say('totp.off')}
          onClose={() => setOpened(undefined)}
          onConfirm={async () => {
            await withProof(() => client.removeTotp())
            await changed()
          }}
        />
      )}
      {opened === 'renew' && (
        <Confirm
          title={say('totp.renew')}
          text={say('totp.renewText')}
          action={say('totp.renew')}
          onClose={() => setOpened(undefined)}
          onConfirm={async () => {
            setCodes((await withProof(() => client.renewRecoveryCodes())).codes)
            await changed()
          }}
        />
      )}
      {codes !== undefined && <Codes codes={codes} onDone={() => setCodes(undefined)} />}
    </section>
  )
}

const SetUp = ({
  enrolment,
  onClose,
  onDone,
}: {
  readonly enrolment: { readonly secret: string; readonly address: string }
  readonly onClose: () => void
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
    <Modal
      opened
      onClose={onClose}
      title={say('totp.setUp')}
      size="lg"
      closeButtonProps={{ 'aria-label': say('dialog.close') }}
    >
      <form className={classes['dialog']} onSubmit={submit}>
        <div className={classes['scan']}>
          <QrCode content={enrolment.address} label={say('totp.qr')} />
          <div className={classes['scanWords']}>
            <span>{say('totp.scan')}</span>
            <div>
              <span className={classes['about']}>{say('totp.cannotScan')}</span>
              <code className={classes['secret']}>{enrolment.secret}</code>
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
              data-autofocus
            />
          </div>
        </div>
        {confirm.isError && <Fault error={confirm.error} />}
        <div className={classes['end']}>
          <Button variant="default" onClick={onClose}>
            {say('dialog.back')}
          </Button>
          <Button type="submit" loading={confirm.isPending}>
            {say('totp.confirm')}
          </Button>
        </div>
      </form>
    </Modal>
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

/** Shown once, so the dialog closes only by the button that says they are kept. */
const Codes = ({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) => {
  const { email } = useMe().person
  const file = say('totp.codesFile', { email })
  const text = `${file}\n\n${codes.join('\n')}\n`
  return (
    <Modal
      opened
      onClose={onDone}
      title={say('totp.codesTitle')}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
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
          <Button onClick={onDone} data-autofocus>
            {say('totp.codesDone')}
          </Button>
        </div>
      </div>
    </Modal>
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
