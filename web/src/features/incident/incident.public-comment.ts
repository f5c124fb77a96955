import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { client } from '../../parts/api.ts'
import { useMe } from '../../parts/session.ts'
import { useDraft } from '../../ui/draft.ts'
import { recordKey } from './incident.api.ts'

/** What is being written for the caller and everybody else who may read the incident; kept until it has arrived. */
export const usePublicComment = (incidentId: string, draft: string) => {
  const me = useMe()
  const queries = useQueryClient()
  const [text, setText, clear] = useDraft(`${me.person.id}:${incidentId}:${draft}`)
  const [sending, setSending] = useState(false)
  const [error, setError] = useState<unknown>()
  // The same words sent twice, after a lost answer, are said once.
  const sent = useRef({ body: '', key: '' })
  const send = async (): Promise<boolean> => {
    const body = text.trim()
    if (body === '' || sending) return false
    if (sent.current.body !== body) sent.current = { body, key: crypto.randomUUID() }
    setSending(true)
    setError(undefined)
    try {
      await client.commentIncident({
        params: { id: incidentId },
        body: { audience: 'public', body },
        idempotencyKey: sent.current.key,
      })
    } catch (failure) {
      setError(failure)
      return false
    } finally {
      setSending(false)
    }
    sent.current = { body: '', key: '' }
    clear()
    void queries.invalidateQueries({ queryKey: recordKey(incidentId) })
    return true
  }
  return { text, setText, send, sending, error }
}
