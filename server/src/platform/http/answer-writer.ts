import buildWriter, { type Schema } from 'fast-json-stringify'
import { z } from 'zod'

type Writer = (answer: unknown) => string

const writers = new WeakMap<z.ZodType, Writer>()

/**
 * Writes answers of a shape as JSON: the contract's fields and no others. Compiled when the first such answer is written, and once for
 * the process: compiling those of all routes is most of what a start would do.
 */
export const answerWriter = (shape: z.ZodType): Writer => {
  return (answer) => {
    let writer = writers.get(shape)
    if (writer === undefined) {
      writer = buildWriter(jsonSchemaOf(shape))
      writers.set(shape, writer)
    }
    return writer(answer)
  }
}

/** JSON Schema (draft 7) of a contract's answer. */
const jsonSchemaOf = (shape: z.ZodType): Schema => {
  const { $schema: _, ...rest } = z.toJSONSchema(shape, {
    target: 'draft-7',
    io: 'output',
    unrepresentable: 'any',
  })
  // Zod types what it writes by the newest draft; it was asked for draft 7, which the compiler takes.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return rest as Schema
}
