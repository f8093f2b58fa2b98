import type { Case } from '../../src/conformance/case.ts'
import { suite } from '../../src/conformance/case.ts'
import type { Opening } from '../../src/conformance/channel.ts'
import { type Ask, ask } from '../../src/dns/ask.ts'
import { answers, atMost, noError, noOpt, noOption, option, proper } from '../../src/dns/checks.ts'
import { edns } from '../../src/dns/edns.ts'
import { check, expect } from '../../src/dns/expect.ts'
import { ednsSupport, ourZone } from '../../src/dns/features.ts'
import { OPTION, TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc7830 } from '../../src/dns/rules.ts'
import type { DnsTalk } from '../../src/dns/talk.ts'
import { https, shownOver, tcp, tls } from './connections.ts'

const www: Ask = { name: 'www', type: TYPE.A }
const isWww = [proper, noError, answers('www A 192.0.2.1')]

function padded(one: Ask, data: Uint8Array = new Uint8Array(64), size = 4096): Ask {
  return { ...one, edns: { size, options: [{ code: OPTION.PADDING, data }] } }
}

const isPadded = option(OPTION.PADDING, 'padding')
const withZeros = option(OPTION.PADDING, 'padding of zeros', data => {
  const other = data.find(octet => octet !== 0)
  return other === undefined ? undefined : `an octet of ${other} in it`
})
const paddedOnce = check('one padding option', response => {
  const count = edns(response)?.options.filter(({ code }) => code === OPTION.PADDING).length ?? 0
  return count === 1 ? undefined : `${count} padding options`
})

const lack = 'it does not pad a response to a query that is padded'
const over = {
  tls: { named: 'TLS', opening: tls, pads: shownOver('tls', 'padding over TLS', lack, padded({}), isPadded) },
  https: { named: 'HTTPS', opening: https, pads: shownOver('https', 'padding over HTTPS', lack, padded({}), isPadded) },
}

/** Octets that a client may pad its query with. */
const PADDINGS: readonly (readonly [what: string, data: Uint8Array])[] = [
  ['no octets', new Uint8Array(0)],
  ['one octet', new Uint8Array(1)],
  ['octets that are not 0', new Uint8Array(128).fill(0xff)],
  ['as many octets as fill 1,000', new Uint8Array(900).map((_, i) => i)],
]

function encrypted({ named, opening, pads }: (typeof over)['tls']): readonly Case<DnsTalk>[] {
  const needs = [ourZone, pads]
  return [
    {
      rule: rfc7830.paddingAnswered,
      when: `a padded query over ${named} asks for a name that there is`,
      opening,
      needs,
      steps: [ask(padded(www)), expect(...isWww, isPadded)],
    },
    {
      rule: rfc7830.paddingAnswered,
      when: `a padded query over ${named} asks for a name that there is not`,
      opening,
      needs,
      steps: [ask(padded({ name: 'nothing-here', type: TYPE.A })), expect(proper, isPadded)],
    },
    {
      rule: rfc7830.paddingAnswered,
      when: `a padded query over ${named} asks for a name of another zone`,
      opening,
      needs,
      steps: [ask(padded({ name: 'example.net.', type: TYPE.A })), expect(proper, isPadded)],
    },
    {
      rule: rfc7830.paddingWithinSize,
      when: `a padded query over ${named} takes 512 octets`,
      opening,
      needs,
      steps: [ask(padded(www, new Uint8Array(64), 512)), expect(...isWww, atMost(512))],
    },
    {
      rule: rfc7830.paddingOfZeros,
      when: `a response over ${named} is padded`,
      opening,
      needs,
      steps: [ask(padded(www)), expect(...isWww, withZeros)],
    },
    {
      rule: rfc7830.paddingOnce,
      when: `a response over ${named} is padded`,
      opening,
      needs,
      steps: [ask(padded(www)), expect(...isWww, paddedOnce)],
    },
    {
      rule: rfc7830.paddingOnlyWithOpt,
      when: `a query over ${named} has no OPT and one before it was padded`,
      opening,
      needs: [ourZone],
      steps: [ask(padded(www)), expect(...isWww), ask(www), expect(...isWww, noOpt)],
    },
    ...PADDINGS.map(([what, data]) => ({
      rule: rfc7830.paddingAccepted,
      when: `a query over ${named} is padded by ${what}`,
      opening,
      needs: [ourZone],
      steps: [ask(padded(www, data)), expect(...isWww)],
    })),
  ]
}

const plain = (named: string, opening: Opening): Case<DnsTalk> => ({
  rule: rfc7830.paddingNotWithoutEncryption,
  when: `a padded query comes over ${named}`,
  opening,
  needs: [ourZone, ednsSupport],
  steps: [ask(padded(www)), expect(...isWww, noOption(OPTION.PADDING))],
})

export default suite(dns, 'server', 'padding', [
  ...encrypted(over.tls),
  ...encrypted(over.https),
  plain('UDP', { transport: 'udp' }),
  plain('TCP', tcp),
])
