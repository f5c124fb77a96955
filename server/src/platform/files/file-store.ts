import type { Readable } from 'node:stream'

/** What is known of a file after it was stored whole. */
export type StoredFile = { readonly key: string; readonly sizeBytes: number; readonly sha256: Buffer }

/**
 * Where attachments are kept: a directory here, any object store elsewhere. A key is made by the store and never from a file's name.
 */
export type FileStore = {
  /**
   * Stores a stream whole or not at all.
   * @throws Refusal `too_large` as soon as more than `limitBytes` arrived; what was written is gone then
   */
  put(tenantId: string, content: Readable, limitBytes: number): Promise<StoredFile>
  /**
   * The content, checked against its hash before the first byte leaves.
   * @throws FileDamaged when what is stored is not what was put
   */
  open(file: StoredFile): Promise<Readable>
  /** The content, or the bytes from `start` up to but without `end`, unchecked: to look at it, or after `open` found it whole. */
  peek(key: string, start?: number, end?: number): Promise<Readable>
  remove(key: string): Promise<void>
  /** Keys of files older than `before`, for finding those that no record names. */
  older(before: Date): AsyncIterable<string>
}

export class FileDamaged extends Error {
  constructor(key: string) {
    super(`the stored file ${key} is not what was put there`)
    this.name = 'FileDamaged'
  }
}
