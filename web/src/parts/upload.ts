import { refusalIn, Refused } from '@evenkeel/contract/client'

/**
 * Sends a file as the body of a request, telling how far it is (0 to 1); answers what the server said. Browsers tell that for XMLHttpRequest only.
 * @throws Refused when the server says no; Error when it cannot be reached
 */
export const upload = (
  address: string,
  file: File,
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const stop = (): void => request.abort()
    request.open('POST', address)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.setRequestHeader('accept', 'application/json')
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onProgress(total === 0 ? 1 : loaded / total),
    )
    request.addEventListener('load', () => {
      signal.removeEventListener('abort', stop)
      if (request.status < 400) resolve(jsonIn(request.responseText))
      else reject(new Refused(request.status, refusalIn(request.responseText, request.status)))
    })
    request.addEventListener('error', () => reject(new Error('the file was not sent')))
    request.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')))
    signal.addEventListener('abort', stop)
    request.send(file)
  })

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
