/** The hull on its water line. */
export const Mark = ({ size = 24 }: { readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
    <rect width="32" height="32" rx="7" fill="var(--mantine-color-teal-7)" />
    <path d="M6 13h20" stroke="#fff" strokeWidth="2.500" strokeLinecap="round" />
    <path d="M9 17.500h14c-1.200 4.600-4 7.500-7 9-3-1.500-5.800-4.400-7-9Z" fill="#fff" />
  </svg>
)
