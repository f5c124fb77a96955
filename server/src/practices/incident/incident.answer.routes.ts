import { answerRoutes } from '@evenkeel/contract/answer'
import { serve } from '../../platform/http/serve.ts'
import { answerByLink, readAnswerLink } from './incident.answer-link.ts'

export const answerLinkRoutes = serve(answerRoutes, {
  readAnswerLink: (context, { body }) => readAnswerLink(context, body.token),
  answerByLink: (context, { body }) => answerByLink(context, body),
})
