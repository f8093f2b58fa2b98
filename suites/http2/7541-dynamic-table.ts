import { blockOf, indexed, literal, sizeUpdate } from '../../src/hpack/representation.ts'
import { rfc7541 } from '../../src/hpack/rules.ts'
import { headers } from '../../src/http2/build.ts'
import { COMPRESSION_ERROR } from '../../src/http2/error-codes.ts'
import { answered, connectionError, contented, expect } from '../../src/http2/expect.ts'
import { asked } from '../../src/http2/expect-message.ts'
import { HEADER_TABLE_SIZE } from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { bad, good, messages, requestOf } from './compressed.ts'
import { topic } from './roles.ts'

/** The newest entry of the dynamic table, and the one before it. RFC 7541 §2.3.3 */
const NEWEST = 62
const SECOND = 63

const inserted = (name: string, value: string) => literal(name, value, { indexing: 'incremental' })
const wire = inserted('x-wire', 'grade')

/** An entry of so many octets, as the table counts them. RFC 7541 §4.1 */
const entryOf = (size: number, letter = 'w') => inserted('x-long', letter.repeat(size - 32 - 'x-long'.length))

const limit = (talk: Http2Talk) => talk.settings.get(HEADER_TABLE_SIZE) ?? 4096

const NOTHING = '/nothing-is-here'

const path = (talk: Http2Talk) => talk.options.resources['path'] ?? '/'

export default topic('HPACK: dynamic table', {
  both: [
    good(rfc7541.literalIndexedInserted, 'a field is inserted, and then indexed', [wire], [indexed(NEWEST)]),
    good(
      rfc7541.literalIndexedInserted,
      'a field is inserted under the name of an entry, and both are indexed',
      [inserted('x-wire', 'a')],
      [literal(NEWEST, 'b', { indexing: 'incremental' })],
      [indexed(NEWEST), indexed(SECOND)],
    ),
    bad(
      rfc7541.literalNotInserted,
      'a literal without indexing is indexed later',
      [literal('x-wire', 'a')],
      [indexed(NEWEST)],
    ),
    bad(
      rfc7541.literalNotInserted,
      'a literal that is never to be indexed is indexed later',
      [literal('x-wire', 'a', { indexing: 'never' })],
      [indexed(NEWEST)],
    ),
    good(
      rfc7541.duplicateEntries,
      'a field is inserted twice, and both are indexed',
      [wire],
      [wire],
      [indexed(NEWEST), indexed(SECOND)],
    ),
    bad(rfc7541.indexOutOfRange, 'an empty dynamic table is indexed', [indexed(NEWEST)]),
    bad(rfc7541.indexOutOfRange, 'an index lies one beyond the last entry', [wire], [indexed(SECOND)]),
    bad(rfc7541.indexOutOfRange, 'the name of a literal lies beyond the last entry', [literal(NEWEST, 'grade')]),
    bad(rfc7541.indexOutOfRange, 'an index is 4096', [indexed(4096)]),
    bad(rfc7541.indexZero, 'an indexed field has index 0', [indexed(0)]),
    bad(
      rfc7541.entriesEvictedOnReduction,
      'the table is reduced to nothing and raised again, and the old entry indexed',
      [wire],
      [sizeUpdate(0), sizeUpdate(4096), indexed(NEWEST)],
    ),
    good(
      rfc7541.literalIndexedInserted,
      'the table is reduced to its newest entry, and that is indexed',
      [entryOf(1000), entryOf(100)],
      [sizeUpdate(100), indexed(NEWEST)],
    ),
    bad(
      rfc7541.entriesEvictedOnInsertion,
      'an insertion leaves no room for the entry before it, and that is indexed',
      [sizeUpdate(200), entryOf(120)],
      [entryOf(120, 'x')],
      [indexed(SECOND)],
    ),
    good(
      rfc7541.literalIndexedInserted,
      'an insertion fills the table to the last octet, and both entries are indexed',
      [sizeUpdate(240), entryOf(120)],
      [entryOf(120, 'x')],
      [indexed(NEWEST), indexed(SECOND)],
    ),
    good(
      rfc7541.entryLargerThanTable,
      'a field is inserted that is larger than the table',
      [sizeUpdate(64), inserted('x-wire', 'w'.repeat(100))],
      [],
    ),
    bad(
      rfc7541.entriesEvictedOnInsertion,
      'a field that is larger than the table has emptied it, and the old entry is indexed',
      [sizeUpdate(64), wire],
      [inserted('x-wire', 'w'.repeat(100))],
      [indexed(NEWEST)],
    ),
    bad(rfc7541.sizeUpdateInsideBlock, 'a size update comes after a field', [literal('x-wire', 'a'), sizeUpdate(100)]),
    {
      rule: rfc7541.sizeUpdateTooLarge,
      when: 'a size update of one octet above the limit follows one of the limit',
      steps: [
        send(talk => messages([sizeUpdate(limit(talk))], [sizeUpdate(limit(talk) + 1)])(talk)),
        expect(connectionError(COMPRESSION_ERROR)),
      ],
    },
    good(rfc7541.decoderKeepsOrder, 'regular fields follow the pseudo-header fields', [
      literal('x-wire', 'a'),
      literal('x-wire', 'b'),
    ]),
  ],
  server: [
    {
      rule: rfc7541.indexedFieldDecoded,
      when: 'of two paths that were inserted the older one is indexed',
      steps: [
        send(talk => [
          requestOf(talk, 3, [literal(4, path(talk), { indexing: 'incremental' })], 'without path'),
          requestOf(talk, 5, [literal(4, NOTHING, { indexing: 'incremental' })], 'without path'),
          requestOf(talk, 7, [indexed(SECOND)], 'without path'),
        ]),
        expect(answered(7)),
      ],
    },
    {
      rule: rfc7541.evictedNameUsable,
      when: 'the insertion of a path evicts the entry that its name comes from',
      steps: [
        send(talk => [
          requestOf(talk, 3, [sizeUpdate(60), literal(4, NOTHING, { indexing: 'incremental' })], 'without path'),
          requestOf(talk, 5, [literal(NEWEST, path(talk), { indexing: 'incremental' })], 'without path'),
        ]),
        expect(answered(5)),
      ],
    },
  ],
  client: [
    {
      rule: rfc7541.indexedFieldDecoded,
      when: 'a status that was inserted is indexed',
      steps: [
        send(talk => [
          headers(asked(talk), blockOf(literal(8, '103', { indexing: 'incremental' }))),
          headers(asked(talk), blockOf(indexed(NEWEST))),
          headers(asked(talk), blockOf(indexed(8)), { endStream: true }),
        ]),
        expect(contented()),
      ],
    },
    {
      rule: rfc7541.evictedNameUsable,
      when: 'the insertion of a status evicts the entry that its name comes from',
      steps: [
        send(talk => [
          headers(asked(talk), blockOf(sizeUpdate(50), literal(8, '103', { indexing: 'incremental' }))),
          headers(asked(talk), blockOf(literal(NEWEST, '200', { indexing: 'incremental' })), { endStream: true }),
        ]),
        expect(contented()),
      ],
    },
  ],
})
