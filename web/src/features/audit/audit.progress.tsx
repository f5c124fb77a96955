import { say } from '../../language/say.ts'
import { PartBar } from '../../ui/part-bar.tsx'

/** How much of what is expected was seen. */
export const Progress = ({ seen, expected }: { readonly seen: number; readonly expected: number }) => (
  <PartBar part={seen} of={expected}>
    {say('audit.progress', { seen, expected })}
  </PartBar>
)
