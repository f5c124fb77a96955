import { z } from 'zod'
import { defineRoutes } from './route.ts'
import { Instant } from './record.ts'

/** What a link in the mail about a resolution lets its person say. */
export const answers = ['still_broken', 'works'] as const
export const Answer = z.enum(answers)
export type Answer = z.infer<typeof Answer>

/**
 * `asked`: resolved, and there is time to object. `late`: closed, or the time is over; what is still broken becomes a new incident that
 * follows. `open`: work on it goes on already. `over`: it ended otherwise, or was resolved again since.
 */
export const answerStandings = ['asked', 'late', 'open', 'over'] as const

/** The little that a link shows: which incident, how it stands, and what was said with this link. Nothing else of the record. */
export const AnswerView = z.object({
  tenant: z.string(),
  number: z.string(),
  title: z.string(),
  standing: z.enum(answerStandings),
  /** Until when "still broken" opens this one again; null when there is no such day. */
  until: Instant.nullable(),
  /** What may be said now. */
  answers: z.array(Answer),
  /** What was said with this link; `number` is of the new incident, when there is one. */
  said: z.object({ answer: Answer, at: Instant, number: z.string().nullable() }).nullable(),
})
export type AnswerView = z.infer<typeof AnswerView>

const Token = z.string().min(1).max(200)

/** Both take the token in the body: addresses are kept by logs, histories and whoever forwards them. */
export const answerRoutes = defineRoutes({
  readAnswerLink: {
    method: 'POST',
    path: '/answers/look',
    summary: 'What the link of a mail is about; changes nothing',
    access: 'anyone',
    body: z.strictObject({ token: Token }),
    answer: AnswerView,
  },
  answerByLink: {
    method: 'POST',
    path: '/answers',
    summary: 'Say with the link of a mail that it works, or that it is still broken; once',
    access: 'anyone',
    body: z.strictObject({ token: Token, answer: Answer, text: z.string().trim().max(10_000).optional() }),
    answer: AnswerView,
  },
})
