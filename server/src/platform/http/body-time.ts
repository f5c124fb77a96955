import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

/** A body of JSON is here within this, whatever it is. */
export const bodyMilliseconds = 30_000
// A file may take as long as it needs, while it comes at more than a trickle.
const leastBytes = 65_536

/**
 * Ends requests whose body does not come: Node's own limit is one for all, and would end the upload of gigabytes, too.
 * @param isFile whether it is one that may take long
 */
export const limitBodyTime = (
  raw: IncomingMessage,
  isFile: boolean,
  milliseconds: number = bodyMilliseconds,
): void => {
  const { socket } = raw
  // Requests that a test hands over without a connection have no body that could be late.
  if (raw.complete || !(socket instanceof Socket)) return
  let seen = socket.bytesRead
  const late = (): void => {
    // A body that is here is not read by everybody, and a stream of answers may last for hours behind it.
    if (raw.complete) {
      clearInterval(timer)
      return
    }
    if (isFile && socket.bytesRead - seen >= leastBytes) {
      seen = socket.bytesRead
      return
    }
    clearInterval(timer)
    if (socket.writable) socket.write('HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n')
    socket.destroySoon()
  }
  const timer = setInterval(late, milliseconds)
  timer.unref()
  const done = (): void => clearInterval(timer)
  raw.once('end', done)
  raw.once('close', done)
}
