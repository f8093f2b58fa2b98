import { huffmanEncode } from '../../src/hpack/huffman.ts'
import { blockOf, literal } from '../../src/hpack/representation.ts'
import { rfc7541 } from '../../src/hpack/rules.ts'
import { headers } from '../../src/http2/build.ts'
import { answered, contented, expect } from '../../src/http2/expect.ts'
import { asked } from '../../src/http2/expect-message.ts'
import { send } from '../../src/http2/steps.ts'
import { hex } from '../../src/wire/hex.ts'
import { bad, good, requestOf } from './compressed.ts'
import { topic } from './roles.ts'

/** A field whose value is already coded. */
const coded = (octets: string) => literal('x-wire', hex(octets), { huffman: true })

/** Every printable character of US-ASCII that may stand in a field value, twice. RFC 9110 §5.5 */
const PRINTABLE = Array.from({ length: 0x7f - 0x21 }, (_, i) => String.fromCharCode(0x21 + i)).join('')

export default topic('HPACK: integers and strings', {
  both: [
    bad(rfc7541.integerTooLarge, 'the length of a value is above 2 to the power of 32', [hex('000178 7f81ffffff7f')]),
    bad(rfc7541.integerTooLarge, 'an index wraps around in 64 bits to that of a method', [
      hex('ff83ffffffffffffffff01'),
    ]),
    good(rfc7541.huffmanDecoded, 'a value holds every printable character, Huffman-coded', [
      literal('x-wire', PRINTABLE, { huffman: true }),
    ]),
    good(rfc7541.huffmanDecoded, 'a name is Huffman-coded and its value empty', [
      literal('x-wire', '', { huffman: true }),
    ]),
    // The letter w, 1111000, and what follows it. RFC 7541 Appendix B
    bad(rfc7541.huffmanPaddingTooLong, 'a Huffman-coded value is padded with nine bits', [coded('f1ff')]),
    bad(rfc7541.huffmanPaddingTooLong, 'a Huffman-coded value is nothing but eight bits of padding', [coded('ff')]),
    bad(rfc7541.huffmanPaddingNotEos, 'a Huffman-coded value is padded with a zero', [coded('f0')]),
    bad(rfc7541.huffmanEos, 'a Huffman-coded value is the EOS symbol', [coded('ffffffff')]),
    bad(rfc7541.huffmanEos, 'a Huffman-coded value goes on to the EOS symbol', [coded('f1ffffffff')]),
  ],
  server: [
    {
      rule: rfc7541.huffmanDecoded,
      when: 'the path of a request is Huffman-coded',
      steps: [
        send(talk => {
          const path = talk.options.resources['path'] ?? '/'
          return requestOf(talk, 3, [literal(4, huffmanEncode(path), { huffman: true })], 'without path')
        }),
        expect(answered(3)),
      ],
    },
  ],
  client: [
    {
      rule: rfc7541.huffmanDecoded,
      when: 'the status of a response is Huffman-coded',
      steps: [
        send(talk => headers(asked(talk), blockOf(literal(8, '200', { huffman: true })), { endStream: true })),
        expect(contented()),
      ],
    },
  ],
})
