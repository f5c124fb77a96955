/** What requests need to know about the instance that answers them. */
export type Site = {
  /** The address people use, without a slash at the end: links in mail and the origin of passkeys, never taken from a request. */
  readonly publicUrl: string
  /** Served over TLS: cookies are `__Host-` and Secure. */
  readonly secure: boolean
  /** Runs as a demo: people of tenants that were seeded as one are signed in with one click. */
  readonly demo: boolean
  /** 32 bytes that encrypt one-time-code seeds; null where the instance has none, and then such codes cannot be set up. */
  readonly accountKey: Buffer | null
}

export const defaultSite: Site = {
  publicUrl: 'http://localhost:4600',
  secure: false,
  demo: false,
  accountKey: null,
}
