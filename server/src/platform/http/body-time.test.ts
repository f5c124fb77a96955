import { createServer, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { limitBodyTime } from './body-time.ts'

const server = createServer((request: IncomingMessage, answer) => {
  limitBodyTime(request, request.headers['x-file'] === 'yes', 200)
  if (request.method === 'GET') {
    setTimeout(() => answer.end('late'), 600)
    return
  }
  request.resume()
  request.on('end', () => answer.end('whole'))
})
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => server.close())

/** Sends a body of so many pieces, one every 50 ms, and hears what comes back. */
const sent = (file: 'yes' | 'no', pieces: number, size: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk) => (heard += chunk.toString()))
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(timer)
      resolve(heard)
    })
    socket.write(
      `POST / HTTP/1.1\r\nhost: x\r\nx-file: ${file}\r\nconnection: close\r\ncontent-length: ${pieces * size}\r\n\r\n`,
    )
    let left = pieces
    const timer = setInterval(() => {
      if (left > 0) socket.write(Buffer.alloc(size))
      left -= 1
    }, 50)
  })

test('a file that comes steadily may take longer than the time for a body', async () => {
  expect(await sent('yes', 12, 40_000)).toContain('whole')
})
test('a file that trickles in ends with the connection', async () => {
  expect(await sent('yes', 12, 100)).toMatch(/^HTTP\/1\.1 408 /)
})
test('any other body has its time and no more', async () => {
  expect(await sent('no', 12, 40_000)).toMatch(/^HTTP\/1\.1 408 /)
})
test('an answer to a request without a body takes the time it needs: a stream, a large download', async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/`)
  expect(await answer.text()).toBe('late')
})
