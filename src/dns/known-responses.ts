import { copied } from '../wire/slab.ts'
import { HEADER_LENGTH } from './message.ts'
import { TYPE } from './mnemonics.ts'
import { MAX_LABEL, MAX_NAME } from './name.ts'

/** Queries remembered, of at most some 300 octets each, with their responses: less than 8 MB. A power of two. */
const PLACES = 4096

/** Octets of an OPT record without options. RFC 6891 §6.1.2 */
const EMPTY_OPT = 11

interface Known {
  readonly query: Uint8Array
  readonly response: Uint8Array
}

/**
 * Responses of a server whose zones do not change, by all octets of the query but its identifier: header, names in their
 * case, EDNS. To copy a response costs a sixth of making it anew: over UDP, where most of the time is the kernel's and
 * Node's, the server gives one and a half times as many. Only queries are remembered to which everybody gets the same at
 * any time. Each has one place, which it takes when it comes for the second time and none of the others that have that
 * place came in between: what is asked once only is not kept, and whoever asks for ever other names makes us forget at most.
 */
export class KnownResponses {
  readonly #places = new Map<number, Known>()
  /** The hash of what was asked last and not known, of each place. */
  readonly #asked = new Int32Array(PLACES)

  /** The response to a query, if it is known: octets of its own. */
  to(query: Uint8Array): Uint8Array | undefined {
    const known = this.#places.get(placeOf(hashOf(query)))
    if (known === undefined || !isSame(known.query, query)) return undefined
    const response = copied(known.response, known.response.length)
    response[0] = query[0] as number
    response[1] = query[1] as number
    return response
  }

  /** Remembers a response, if it is one for everybody and its query came before. */
  keep(query: Uint8Array, response: Uint8Array): void {
    const hash = hashOf(query)
    const place = placeOf(hash)
    if (this.#asked[place] === hash && isForEverybody(query)) {
      this.#places.set(place, { query: new Uint8Array(query), response: new Uint8Array(response) })
    }
    this.#asked[place] = hash
  }
}

/** FNV-1a of all but the identifier, in 32 bits. */
function hashOf(query: Uint8Array): number {
  let hash = 0x811c9dc5 | 0
  for (let at = 2; at < query.length; at++) hash = Math.imul(hash ^ (query[at] as number), 0x01000193)
  return hash
}

function placeOf(hash: number): number {
  return (hash ^ (hash >>> 15)) & (PLACES - 1)
}

function isSame(known: Uint8Array, query: Uint8Array): boolean {
  if (known.length !== query.length) return false
  for (let at = 2; at < query.length; at++) if (known[at] !== query[at]) return false
  return true
}

/**
 * Whether a query is one question for records, and OPT without options at most: a cookie would make its response one for a
 * single client, and for a time. RFC 7873 §5.2
 */
function isForEverybody(query: Uint8Array): boolean {
  // One question, and neither answers nor authority. RFC 1035 §4.1.1
  if (query[4] !== 0 || query[5] !== 1) return false
  for (let at = 6; at <= 10; at++) if (query[at] !== 0) return false
  let end = HEADER_LENGTH
  for (let label = query[end]; label !== 0; label = query[end]) {
    // A pointer, or the end of the octets.
    if (label === undefined || label > MAX_LABEL) return false
    end += label + 1
  }
  // Behind the root there are type and class. RFC 1035 §4.1.2
  end += 5
  if (end > HEADER_LENGTH + MAX_NAME + 4) return false
  if (query[11] === 0) return query.length === end
  if (query[11] !== 1 || query.length !== end + EMPTY_OPT) return false
  const typed = query[end] === 0 && query[end + 1] === 0 && query[end + 2] === TYPE.OPT
  return typed && query[end + 9] === 0 && query[end + 10] === 0
}
