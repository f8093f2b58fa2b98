import type { Field } from './field.ts'

/** What becomes of a field that stands in no table. RFC 7541 §6.2.1 (incremental), §6.2.2 (without), §6.2.3 (never) */
export type Indexing = 'incremental' | 'without' | 'never'

/** Decides it, for a field not already marked as never indexed. */
export type IndexingPolicy = (field: Field) => Indexing

/** Credentials that one guess after another could recover, would they be compressed. RFC 7541 §7.1.3 */
const credentials = new Set(['authorization', 'proxy-authorization'])

/** Cookies are worth indexing when they are too long to guess. RFC 7541 §7.1.3 */
const cookies = new Set(['cookie', 'set-cookie'])
const GUESSABLE_COOKIE = 20

/** Fields whose values seldom come twice, so that indexing them would only evict what does. */
const fleeting = new Set([
  ':path',
  'age',
  'content-length',
  'content-range',
  'etag',
  'if-modified-since',
  'if-none-match',
  'last-modified',
  'location',
  'range',
])

/** Keeps credentials and guessable cookies out of every table on the way, and fleeting values out of ours. */
export const indexByDefault: IndexingPolicy = ({ name, value }) => {
  if (credentials.has(name) || (cookies.has(name) && value.length < GUESSABLE_COOKIE)) return 'never'
  return fleeting.has(name) ? 'without' : 'incremental'
}

/** Indexes everything. */
export const indexAll: IndexingPolicy = () => 'incremental'

/** Indexes nothing; what stands in the static table is still referred to. */
export const indexNone: IndexingPolicy = () => 'without'
