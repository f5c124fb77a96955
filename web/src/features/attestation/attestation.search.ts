/** What of an attestation is shown; everything when the address says nothing. `owners`: who is asked. */
export const attestationViews = ['mine', 'waiting', 'right', 'wrong', 'owners'] as const
export type AttestationView = (typeof attestationViews)[number]
