/** Only a path of this instance: an address in the link must not lead anywhere else. */
export const localPath = (to: string | undefined): string =>
  to !== undefined && /^\/(?![/\\])/.test(to) ? to : '/'
