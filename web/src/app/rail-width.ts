import { useLocalStorage } from '@mantine/hooks'

export type RailWidth = 'wide' | 'narrow'

/** The rail stays as this person left it. */
export const useRail = (): readonly [RailWidth, () => void] => {
  const [width, setWidth] = useLocalStorage<RailWidth>({
    key: 'evenkeel-rail',
    defaultValue: 'wide',
    getInitialValueInEffect: false,
    serialize: (value) => value,
    deserialize: (value) => (value === 'narrow' ? 'narrow' : 'wide'),
  })
  return [width, () => setWidth(width === 'wide' ? 'narrow' : 'wide')]
}
