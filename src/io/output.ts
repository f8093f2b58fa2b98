import type { Readable } from 'node:stream'

/** What a program writes, as far as anybody wants to know. */
export interface Output {
  text(): string
  /** Fulfilled when there is nothing more to come. */
  readonly ended: Promise<void>
}

/** Enough to see what a program thought, and no more than a report can carry. */
const KEPT_OCTETS = 1 << 16

/** Keeps the first 64 KiB of a stream and reads on, so that its program never waits for us. */
export function output(stream: Readable | null): Output {
  const chunks: Buffer[] = []
  let kept = 0
  stream?.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, KEPT_OCTETS - kept)
    if (part.length === 0) return
    chunks.push(part)
    kept += part.length
  })
  const ended = new Promise<void>(resolve => {
    if (!stream) resolve()
    stream?.once('close', resolve)
    stream?.on('error', () => {})
  })
  return { text: () => Buffer.concat(chunks).toString('utf8'), ended }
}
