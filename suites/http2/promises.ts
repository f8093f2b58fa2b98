import { pushPromise } from '../../src/http2/build.ts'
import { asked } from '../../src/http2/expect-message.ts'
import type { Frame } from '../../src/http2/frame.ts'
import { type FieldLine, fieldBlock } from '../../src/http2/requests.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'

/** The field block of a request for a resource of the same origin as the client's, with something else about it. RFC 9113 §8.4.1 */
export function promisedRequest(
  talk: Http2Talk,
  pseudo: Readonly<Record<string, string | undefined>> = {},
  fields: readonly FieldLine[] = [],
): Uint8Array {
  const head = talk.message(asked(talk)).head?.fields ?? []
  const of = (name: string) => head.find(field => field.name === name)?.value ?? ''
  const all = {
    ':method': 'GET',
    ':scheme': of(':scheme'),
    ':authority': of(':authority'),
    ':path': '/pushed',
    ...pseudo,
  }
  const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return fieldBlock([...present, ...fields])
}

/** A promise on the stream of the client's request; of stream 2 unless said. */
export function promise(promised = 2, options: Parameters<typeof pushPromise>[3] = {}): (talk: Http2Talk) => Frame {
  return talk => pushPromise(asked(talk), promised, promisedRequest(talk), options)
}
