/**
 * The same text in memory of its own. A cell is a window into the whole piece of the file it was read from; kept for long, as a key or a
 * name, it would keep all of that.
 */
export const ownText = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le')
