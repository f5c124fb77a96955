import { crc32, deflateRawSync } from 'node:zlib'

export type ZipContent = {
  readonly name: string
  readonly data: string | Buffer
  /** As Unix would write the kind of file: a link. */
  readonly link?: boolean
  readonly encrypted?: boolean
  /** What the directory says of its size, when it lies. */
  readonly says?: number
}

/** A zip as any packer writes one, and as somebody who means harm would. */
export const zipOf = (contents: readonly ZipContent[]): Buffer => {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data, link = false, encrypted = false, says } of contents) {
    const content = Buffer.from(data)
    const packed = deflateRawSync(content)
    const fileName = Buffer.from(name)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(0x800 + (encrypted ? 1 : 0), 2)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crc32(content), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(says ?? content.length, 18)
    fields.writeUInt16LE(fileName.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), fields, fileName, packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(((link ? 0o120777 : 0o100644) << 16) >>> 0, 6)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.from('PK\u0001\u0002\u001e\u0003', 'latin1'), fields, rest, fileName)
    parts.push(local)
    offset += local.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE(contents.length, 8)
  end.writeUInt16LE(contents.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, listed, end])
}
