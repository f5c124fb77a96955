import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Keeps what was measured, for whoever asks later how it was. */
export const keepFigures = async (name: string, figures: object): Promise<void> => {
  const folder = join(import.meta.dirname, 'results')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(figures, null, 2)}\n`)
}
