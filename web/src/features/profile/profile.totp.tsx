import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Check from 'lucide-react/icons/check'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { withProof } from '../../parts/proof.tsx'
import { sessionQuery, useMe } from '../../parts/session.ts'
import { RecoveryCodes, TotpSetUp, type Enrolment } from '../../parts/totp.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Fault } from '../../ui/fault.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import classes from './profile.module.css'

type Opened = 'off' | 'renew'

/** Codes from an application on a phone: set up, renewed, turned off. */
export const Totp = () => {
  const { credentials } = useMe()
  const queries = useQueryClient()
  const [opened, setOpened] = useState<Opened>()
  const [enrolment, setEnrolment] = useState<Enrolment>()
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
        <Dialog onClose={() => setEnrolment(undefined)} title={say('totp.setUp')} size="lg">
          <TotpSetUp
            enrolment={enrolment}
            onBack={() => setEnrolment(undefined)}
            onDone={async (made) => {
              setEnrolment(undefined)
              setCodes(made)
              await changed()
            }}
          />
        </Dialog>
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
      {codes !== undefined && (
        // Shown once, so the dialog closes only by the button that says they are kept.
        <Dialog
          onClose={() => setCodes(undefined)}
          title={say('totp.codesTitle')}
          withCloseButton={false}
          closeOnEscape={false}
          closeOnClickOutside={false}
        >
          <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />
        </Dialog>
      )}
    </section>
  )
}
