import { createRequire } from 'node:module'
import { HpackDecoder } from '../../src/hpack/decoder.ts'
import { HpackEncoder } from '../../src/hpack/encoder.ts'
import type { Field } from '../../src/hpack/field.ts'
import { indexAll } from '../../src/hpack/indexing.ts'
import { data, octetsOf } from '../../src/http2/build.ts'
import { FrameReader, frame } from '../../src/http2/frame.ts'
import { Reader } from '../../src/wire/reader.ts'
import { atLeast, type Figure, runPart } from './figure.ts'
import { sideBySide } from './side-by-side.ts'

/** The part of hpack.js that we run against. It has no types of its own. */
interface HpackJs {
  readonly compressor: { create(options: { table: { maxSize: number } }): HpackJsStream }
  readonly decompressor: { create(options: { table: { maxSize: number } }): HpackJsStream & { execute(): void } }
}
interface HpackJsStream {
  write(chunk: unknown): void
  read(): unknown
}

const hpackJs = createRequire(import.meta.url)('hpack.js') as HpackJs
const table = { table: { maxSize: 4096 } }

/** What a browser sends for a page. */
const request: readonly Field[] = [
  { name: ':method', value: 'GET' },
  { name: ':scheme', value: 'https' },
  { name: ':authority', value: 'www.example.com' },
  { name: ':path', value: '/articles/2024/03/index?page=2&sort=date' },
  {
    name: 'user-agent',
    value: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36',
  },
  { name: 'accept', value: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' },
  { name: 'accept-encoding', value: 'gzip, deflate, br' },
  { name: 'accept-language', value: 'en-US,en;q=0.9' },
  { name: 'referer', value: 'https://www.example.com/articles' },
  { name: 'cookie', value: 'session=4f2d8a6be1c94f07a3d5; theme=dark; consent=yes' },
]

function theirEncode(compressor: HpackJsStream): Uint8Array {
  compressor.write(request)
  return compressor.read() as Uint8Array
}

function theirDecode(decompressor: ReturnType<HpackJs['decompressor']['create']>, block: Uint8Array): number {
  decompressor.write(block)
  decompressor.execute()
  let fields = 0
  while (decompressor.read() !== null) fields++
  return fields
}

/** Both index every field, as hpack.js always does. */
function ourEncoder(): HpackEncoder {
  return new HpackEncoder({ indexing: indexAll })
}

/** How many times faster the first is. */
async function ratio(name: string, ours: () => unknown, theirs: () => unknown): Promise<Figure> {
  const [our = 0, their = 1] = await sideBySide([ours, theirs])
  return atLeast(name, our / their, 'times hpack.js', 5)
}

async function hpackFigures(): Promise<Figure[]> {
  const block = ourEncoder().encode(request)
  const theirs = theirEncode(hpackJs.compressor.create(table))
  // Neither may be fast by not doing the work.
  if (new HpackDecoder().decode(theirs).fields.length !== request.length) throw new Error('we cannot read theirs')
  if (theirDecode(hpackJs.decompressor.create(table), block) !== request.length)
    throw new Error('they cannot read ours')

  const encoder = ourEncoder()
  const decoder = new HpackDecoder()
  const compressor = hpackJs.compressor.create(table)
  const decompressor = hpackJs.decompressor.create(table)
  return [
    await ratio(
      'HPACK encode, fresh',
      () => ourEncoder().encode(request),
      () => theirEncode(hpackJs.compressor.create(table)),
    ),
    await ratio(
      'HPACK decode, fresh',
      () => new HpackDecoder().decode(block),
      () => theirDecode(hpackJs.decompressor.create(table), block),
    ),
    await ratio(
      'HPACK encode and decode, warm',
      () => decoder.decode(encoder.encode(request)),
      () => theirDecode(decompressor, theirEncode(compressor)),
    ),
  ]
}

async function frameFigures(): Promise<Figure[]> {
  const FRAMES = 64
  const PAYLOAD = 16384
  const octets = octetsOf(...Array.from({ length: FRAMES }, () => data(1, new Uint8Array(PAYLOAD))))
  const [codec = 0, stream = 0] = await sideBySide([
    () => {
      const reader = new Reader(octets)
      let sum = 0
      while (reader.remaining > 0) sum += frame.read(reader).payload.length
      if (sum !== FRAMES * PAYLOAD) throw new Error('frames lost')
    },
    () => {
      const reader = new FrameReader()
      let sum = 0
      // As a socket gives them: 64 KiB at a time, so that some frames span two pieces.
      for (let at = 0; at < octets.length; at += 65536) {
        reader.push(octets.subarray(at, at + 65536))
        for (let next = reader.next(); next !== undefined; next = reader.next()) sum += next.payload.length
      }
      if (sum !== FRAMES * PAYLOAD) throw new Error('frames lost')
    },
  ])
  const gigabytes = (perSecond: number) => (perSecond * octets.length) / 1e9
  return [
    atLeast('frame.read, 16 KiB DATA', gigabytes(codec), 'GB/s', 2),
    atLeast('FrameReader, in pieces of 64 KiB', gigabytes(stream), 'GB/s', 2),
  ]
}

/** The codecs against their bars; takes some seconds. */
async function* codecs(): AsyncGenerator<Figure> {
  yield* await hpackFigures()
  yield* await frameFigures()
}

await runPart(import.meta.url, codecs)
