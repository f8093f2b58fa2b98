import type { Rule } from '../../src/conformance/rule.ts'
import { expect, malformed } from '../../src/http2/expect.ts'
import { content, onRequest, section } from '../../src/http2/expect-message.ts'
import { type FieldLine, type RequestShape, request } from '../../src/http2/requests.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import type { Http2Case } from './roles.ts'

/** A request without content that is malformed in one way. RFC 9113 §8.1.1 */
export function badRequest(
  rule: Rule,
  when: string,
  shape: RequestShape | ((talk: Http2Talk) => RequestShape),
): Http2Case {
  const made = (talk: Http2Talk) => request(3, typeof shape === 'function' ? shape(talk) : shape)(talk)
  return { rule, when, steps: [send(made), expect(malformed(3))] }
}

/** A response, whole but for its fields. RFC 9113 §8.1.1 */
export function badResponse(rule: Rule, when: string, lines: readonly FieldLine[]): Http2Case {
  return {
    rule,
    when,
    steps: [send(section(lines), content('wire', { endStream: true })), expect(onRequest(malformed))],
  }
}

/** A field that makes any message malformed, described so that `a request has` can go before it. */
export type BadField = readonly [rule: Rule, what: string, name: string, value: string]

export function requestsWith(fields: readonly BadField[]): readonly Http2Case[] {
  return fields.map(([rule, what, name, value]) =>
    badRequest(rule, `a request has ${what}`, { fields: [[name, value]] }),
  )
}

export function responsesWith(fields: readonly BadField[]): readonly Http2Case[] {
  return fields.map(([rule, what, name, value]) =>
    badResponse(rule, `a response has ${what}`, [
      [':status', '200'],
      [name, value],
    ]),
  )
}
