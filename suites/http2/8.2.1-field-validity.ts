import { ignoring } from '../../src/conformance/rule.ts'
import { headers } from '../../src/http2/build.ts'
import { line } from '../../src/http2/describe.ts'
import { errorCodeName, NO_ERROR } from '../../src/http2/error-codes.ts'
import { barrier, broke, expect, kept, malformed, malformedLater, that, weakly } from '../../src/http2/expect.ts'
import { content, everySection, offerContent, onRequest, opening, section } from '../../src/http2/expect-message.ts'
import { fieldBlock, request } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { send } from '../../src/http2/steps.ts'
import { type BadField, requestsWith, responsesWith } from './malformed.ts'
import { topic } from './roles.ts'

const {
  fieldNameUppercase,
  fieldNameControl,
  fieldNameHighOctet,
  fieldNameColon,
  fieldValueNul,
  fieldValueLineFeed,
  fieldValueCarriageReturn,
  fieldValueOuterWhitespace,
  fieldsValidated,
} = rfc9113

/** The octets at the edges of what RFC 9113 §8.2.1 forbids, and those that would matter most in HTTP/1.1. */
const inBoth: readonly BadField[] = [
  [fieldNameUppercase, 'an A (0x41) in a field name', 'x-Alpha', 'x'],
  [fieldNameUppercase, 'a Z (0x5a) at the end of a field name', 'x-omegZ', 'x'],
  [fieldNameControl, 'a NUL (0x00) in a field name', 'x-\0name', 'x'],
  [fieldNameControl, 'a line feed (0x0a) in a field name', 'x-na\nme', 'x'],
  [fieldNameControl, 'a space (0x20) in a field name', 'x-na me', 'x'],
  [fieldNameControl, 'DEL (0x7f) in a field name', 'x-name\x7f', 'x'],
  [fieldNameHighOctet, 'the octet 0x80 in a field name', 'x-\x80name', 'x'],
  [fieldNameHighOctet, 'the octet 0xff in a field name', 'x-name\xff', 'x'],
  [fieldNameColon, 'a colon inside a field name', 'x-na:me', 'x'],
  [fieldValueNul, 'a NUL (0x00) inside a field value', 'x-value', 'a\0b'],
  [fieldValueLineFeed, 'a line feed (0x0a) inside a field value', 'x-value', 'a\nb'],
  [fieldValueCarriageReturn, 'a carriage return (0x0d) inside a field value', 'x-value', 'a\rb'],
  [fieldValueOuterWhitespace, 'a field value that starts with a space', 'x-value', ' a'],
  [fieldValueOuterWhitespace, 'a field value that ends with a space', 'x-value', 'a '],
  [fieldValueOuterWhitespace, 'a field value that starts with a tab', 'x-value', '\ta'],
  [fieldValueOuterWhitespace, 'a field value that ends with a tab', 'x-value', 'a\t'],
  // No field name is empty, nor has it separators. RFC 9110 §5.1
  [fieldsValidated, 'an empty field name', '', 'x'],
  [fieldsValidated, 'a parenthesis in a field name', 'x-(name)', 'x'],
  [fieldsValidated, 'the control character 0x01 in a field value', 'x-value', 'a\x01b'],
]

const inRequests: readonly BadField[] = [
  [fieldNameUppercase, 'an uppercase letter in the name of a field that is well known', 'Accept', '*/*'],
  [fieldNameControl, 'the control character 0x01 in a field name', 'x-\x01name', 'x'],
  [fieldNameControl, 'a tab (0x09) in a field name', 'x-na\tme', 'x'],
  [fieldNameControl, 'a carriage return (0x0d) in a field name', 'x-na\rme', 'x'],
  [fieldNameControl, 'the control character 0x1f in a field name', 'x-na\x1fme', 'x'],
  [fieldNameControl, 'a space at the start of a field name', ' x-name', 'x'],
  [fieldNameControl, 'a space at the end of a field name', 'x-name ', 'x'],
  [fieldNameHighOctet, 'a letter in UTF-8 in a field name', 'x-n\xc3\xa4me', 'x'],
  [fieldNameColon, 'a colon at the end of a field name', 'x-name:', 'x'],
  [fieldValueNul, 'a NUL (0x00) at the start of a field value', 'x-value', '\0a'],
  [fieldValueNul, 'a NUL (0x00) at the end of a field value', 'x-value', 'a\0'],
  [fieldValueLineFeed, 'a line feed (0x0a) at the start of a field value', 'x-value', '\na'],
  [fieldValueLineFeed, 'a line feed (0x0a) at the end of a field value', 'x-value', 'a\n'],
  [fieldValueCarriageReturn, 'a carriage return (0x0d) at the start of a field value', 'x-value', '\ra'],
  [fieldValueCarriageReturn, 'a carriage return (0x0d) at the end of a field value', 'x-value', 'a\r'],
  [fieldValueOuterWhitespace, 'a field value of a space only', 'x-value', ' '],
  [fieldsValidated, 'a quotation mark in a field name', 'x-"name"', 'x'],
  [fieldsValidated, 'a comma in a field name', 'x-na,me', 'x'],
  [fieldsValidated, 'a slash in a field name', 'x-na/me', 'x'],
  [fieldsValidated, 'a brace in a field name', 'x-{name}', 'x'],
  [fieldsValidated, 'DEL (0x7f) in a field value', 'x-value', 'a\x7fb'],
]

/** Names and values that no message may have. RFC 9113 §8.2.1 */
function invalid(name: string, value: string): boolean {
  const body = name.startsWith(':') ? name.slice(1) : name
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the rule is about control characters
  return /[\x00-\x20A-Z\x7f-\xff:]/.test(body) || /[\x00\n\r]|^[\t ]|[\t ]$/.test(value)
}

const shown = (text: string) => JSON.stringify(text)

const valid = everySection('no name or value that the minimal validation forbids', ({ fields }) => {
  const bad = fields.find(({ name, value }) => invalid(name, value))
  return bad && `${shown(bad.name)}: ${shown(bad.value)}`
})

const badRequestExpected = () =>
  that('a response with status 400, or another 4xx', async talk => {
    const { passed } = barrier(talk)
    for (;;) {
      const seen = await talk.next()
      const { status, reset } = talk.message(3)
      // Another status may suit better, says RFC 9113 §8.2.1: 431 for example.
      if (status !== undefined && status >= 400 && status < 500 && status !== talk.control)
        return kept(`status ${status}`)
      if (status !== undefined) return broke(`status ${status}`)
      if (reset !== undefined) return weakly(`only RST_STREAM ${errorCodeName(reset)}`)
      if (seen.kind === 'goaway' && seen.code !== NO_ERROR) return weakly(`only ${line(seen)}`)
      if (seen.kind === 'end') return weakly(line(seen))
      if (seen.kind === 'broken' || seen.kind === 'silence') return broke(line(seen))
      if (passed(seen)) return broke('no response, though PING and what followed were answered')
    }
  })

export default topic('Field validity', {
  server: [
    ...requestsWith(inBoth),
    ...requestsWith(inRequests),
    {
      rule: fieldNameUppercase,
      when: 'the trailers of a request have an uppercase letter in a field name',
      steps: [
        offerContent,
        send(
          opening(7, { fields: [['content-length', '0']] }),
          headers(7, fieldBlock([['x-Trailer', 'x']]), { endStream: true }),
        ),
        expect(malformedLater(7)),
      ],
    },
    {
      rule: fieldValueLineFeed,
      when: 'the trailers of a request have a line feed in a field value',
      steps: [
        offerContent,
        send(
          opening(7, { fields: [['content-length', '0']] }),
          headers(7, fieldBlock([['x-trailer', 'a\nb']]), { endStream: true }),
        ),
        expect(malformedLater(7)),
      ],
    },
    {
      rule: fieldValueNul,
      when: 'a request has a NUL in its :path',
      steps: [send(request(3, { pseudo: { ':path': '/a\0b' } })), expect(malformed(3))],
    },
    {
      rule: fieldValueLineFeed,
      when: 'a request has a line feed in its :authority',
      steps: [send(request(3, { pseudo: { ':authority': 'localhost\nx-smuggled: b' } })), expect(malformed(3))],
    },
    {
      rule: fieldValueLineFeed,
      when: 'a request has a second field smuggled in behind CR and LF',
      steps: [send(request(3, { fields: [['x-value', 'a\r\nx-smuggled: b']] })), expect(malformed(3))],
      // Who looks for line feeds only, or for carriage returns only, is caught by other cases.
      deviant: (protocol, role) => protocol.subject(role, ignoring(fieldValueLineFeed, fieldValueCarriageReturn)),
    },
    {
      rule: fieldValueOuterWhitespace,
      when: 'a request has a space at the end of its :path',
      steps: [send(request(3, { pseudo: { ':path': '/ ' } })), expect(malformed(3))],
    },
    {
      rule: rfc9113.invalidFieldBadRequest,
      when: 'a request has an uppercase field name',
      steps: [send(request(3, { fields: [['X-Upper', 'x']] })), expect(badRequestExpected())],
    },
    {
      rule: rfc9113.invalidFieldBadRequest,
      when: 'a request has a line feed in a field value',
      steps: [send(request(3, { fields: [['x-value', 'a\nb']] })), expect(badRequestExpected())],
    },
    {
      rule: rfc9113.fieldsSentValid,
      when: 'GET, HEAD, OPTIONS and a path that is not there are asked for',
      steps: [expect(valid)],
    },
  ],
  client: [
    ...responsesWith(inBoth),
    {
      rule: fieldNameUppercase,
      when: 'the trailers of a response have an uppercase letter in a field name',
      steps: [
        send(section([[':status', '200']]), content('wire'), section([['x-Trailer', 'x']], { endStream: true })),
        expect(onRequest(malformed)),
      ],
    },
    {
      rule: fieldValueLineFeed,
      when: 'an interim response has a line feed in a field value',
      steps: [
        send(
          section([
            [':status', '103'],
            ['link', 'a\nb'],
          ]),
          section([[':status', '200']]),
          content('wire', { endStream: true }),
        ),
        expect(onRequest(malformed)),
      ],
    },
    {
      rule: rfc9113.fieldsSentValid,
      when: 'it requests the URL that it is given',
      steps: [expect(valid)],
    },
  ],
})
