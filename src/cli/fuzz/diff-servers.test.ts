import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { isInstalled } from '../../../suites/peers/zone-servers.ts'
import { encodeMessage } from '../../dns/message.ts'
import { TYPE } from '../../dns/mnemonics.ts'
import { queryFor } from '../../dns/query.ts'
import type { FuzzSubject } from '../../fuzz/target.ts'
import { arrivals } from '../../fuzz/targets/pieces.ts'
import { knownReasons } from './diff.ts'
import { takesPieces, targetNamed } from './targets.ts'

const PAIR = 'diff:server:knot,server:nsd'

describe.skipIf(!isInstalled('knot') || !isInstalled('nsd'))('real servers side by side', () => {
  it('agree on what everybody knows, and disagree by name', { timeout: 60_000 }, async () => {
    const target = targetNamed(PAIR)
    expect(target).toMatchObject({ deterministic: false, about: 'knot, nsd, side by side' })
    const subject: FuzzSubject = await target.start()
    try {
      expect(subject.title).toMatch(/^knot \d.*, nsd \d/)
      const query = { ...queryFor({ name: 'example.test.', type: TYPE.SOA }), id: 7 }
      expect(await subject.run(arrivals(encodeMessage(query)))).toEqual({ kind: 'accepted' })
      // A header that promises a question and ends: RFC 1035 §4.1.1 leaves it open whether that is answered.
      const alone = arrivals(encodeMessage({ ...query, questions: [] }).with(5, 1))
      const outcome = await subject.run(alone)
      expect(outcome).toMatchObject({
        kind: 'find',
        find: { kind: 'disagreement', title: expect.stringMatching('knot != nsd|nsd != knot') },
      })
      if (outcome.kind !== 'find') return
      const confirmed = await subject.confirm?.(alone, outcome.find)
      expect(confirmed).toMatchObject({ times: 3, of: 3 })
    } finally {
      await subject.stop?.()
    }
  })
})

it('what is known of DNS servers has a reason each', () => {
  const known = knownReasons(fileURLToPath(new URL('../../../suites/dns/fuzz-known.json', import.meta.url)))
  expect(known('bind9 = nsd != knot at *.rcode (NOTIMP, FORMERR)')).toMatch('RFC 1035')
  expect(known('bind9 = nsd != knot at *.rcode (NOERROR, FORMERR)')).toBeUndefined()
})

describe('servers that cannot be compared', () => {
  it.each([
    ['diff:server:knot,codec:dns/message', "'server:knot' is a server; it can be held against servers only"],
    ['diff:server:knot,server:nginx/h2c', 'server:knot is reached by dns, and server:nginx/h2c by h2c'],
    ['diff:server:knot,server:none', "no server 'none'"],
  ])('%s', (name, words) => {
    expect(() => targetNamed(name)).toThrow(words)
  })

  it('are not compared in another way', () => {
    expect(() => targetNamed(PAIR, { settings: { compare: 'accept' } })).toThrow('--compare is for codecs and modules')
  })

  it('are told sessions in pieces', () => {
    expect([PAIR, 'diff:codec:dns/message,module:x'].map(takesPieces)).toEqual([true, false])
  })
})
