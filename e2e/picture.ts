import { crc32, deflateSync } from 'node:zlib'
import { AttachmentView } from '@evenkeel/contract/attachment'
import { address } from './cast.ts'
import type { Actor } from './fixture.ts'

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** A PNG file (RFC 2083) with a gradient, different for each number: what people take pictures of, as far as a test cares. */
export const picture = (n: number, width = 320, height = 200): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const rows = Buffer.alloc(height * (1 + width * 3))
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      rows.set(
        [(x + n * 37) % 256, (y * 2 + n * 91) % 256, (x + y + n * 53) % 256],
        y * (1 + width * 3) + 1 + x * 3,
      )
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Puts a file on an incident, as somebody. */
export const attach = async (
  who: Actor,
  id: string,
  name: string,
  content: Buffer,
  audience: 'public' | 'team' = 'public',
): Promise<AttachmentView> => {
  const answer = await fetch(
    `${address}/api/v1/incidents/${id}/attachments?name=${encodeURIComponent(name)}&audience=${audience}`,
    {
      method: 'POST',
      headers: {
        cookie: `${who.cookie.name}=${who.cookie.value}`,
        origin: address,
        'content-type': 'application/octet-stream',
      },
      body: new Uint8Array(content),
    },
  )
  if (!answer.ok) throw new Error(`attaching ${name} was answered with ${answer.status}`)
  return AttachmentView.parse(await answer.json())
}
