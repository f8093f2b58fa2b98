import { suite } from '../../src/conformance/case.ts'
import { ask } from '../../src/dns/ask.ts'
import {
  authoritative,
  formatError,
  noAnswer,
  noError,
  noOpt,
  opt,
  parsed,
  proper,
  rcode,
  soaAnswer,
} from '../../src/dns/checks.ts'
import { edns, optRecord } from '../../src/dns/edns.ts'
import { check, expect, expectRefusal } from '../../src/dns/expect.ts'
import { authority, ednsSupport } from '../../src/dns/features.ts'
import { OPTION, RCODE, TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc3225, rfc6891, rfc8906 } from '../../src/dns/rules.ts'

const served = { needs: [authority, ednsSupport] }
const badVersion = rcode(RCODE.BADVERS)

/** Option 100 has no meaning. RFC 6891 §9 */
const UNKNOWN = { code: 100, data: new Uint8Array(0) }
const UNKNOWN_WITH_DATA = { code: 100, data: Uint8Array.of(1, 2, 3) }
const NSID = { code: OPTION.NSID, data: new Uint8Array(0) }
const EXPIRE = { code: OPTION.EXPIRE, data: new Uint8Array(0) }
const COOKIE = { code: OPTION.COOKIE, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }
/** The client's network is not to be told: family 1, no bits. RFC 7871 §6 */
const SUBNET = { code: OPTION.ECS, data: Uint8Array.of(0, 1, 0, 0) }
const PADDING = { code: OPTION.PADDING, data: new Uint8Array(16) }

const version = (wanted: number) =>
  check(`version ${wanted} of EDNS`, response => {
    const said = edns(response)
    return said?.version === wanted ? undefined : `version ${said?.version}`
  })

const flagsClear = check('the unknown flags of OPT clear', response => {
  const flags = edns(response)?.flags ?? 0
  return flags === 0 ? undefined : `flags ${flags.toString(16)}`
})

const dnssecOk = (on: boolean) =>
  check(`DO ${on ? 'set' : 'clear'}`, response =>
    edns(response)?.dnssecOk === on ? undefined : `DO ${on ? 'clear' : 'set'}`,
  )

const withoutUnknown = check('no option 100', response =>
  edns(response)?.options.some(({ code }) => code === UNKNOWN.code) ? 'option 100' : undefined,
)

const rootOwner = check('OPT owned by the root', response => {
  const record = response.additional.find(({ type }) => type === TYPE.OPT)
  return record?.name === '.' ? undefined : `OPT owned by ${record?.name}`
})

const ownSize = check('a size of 512 or more', response => {
  const size = edns(response)?.size ?? 0
  return size >= 512 ? undefined : `a size of ${size}`
})

/** OPT whose one option says that it has more octets than there are. */
const overflowing = { ...optRecord(), data: Uint8Array.of(0, 3, 0, 9, 1, 2) }
const halfOption = { ...optRecord(), data: Uint8Array.of(0, 3, 0) }

export default suite(dns, 'server', 'EDNS', [
  {
    rule: rfc8906.ednsAnswered,
    when: 'a plain EDNS query comes',
    needs: [authority],
    steps: [ask({ edns: {} }), expect(proper, noError, authoritative, soaAnswer, opt, version(0))],
  },
  {
    rule: rfc6891.optInResponse,
    when: 'a query has OPT',
    ...served,
    steps: [ask({ edns: {} }), expect(proper, opt)],
  },
  {
    rule: rfc6891.optInResponse,
    when: 'a query has OPT and the name does not exist',
    ...served,
    steps: [ask({ name: 'no-such-name', edns: {} }), expect(proper, opt)],
  },
  {
    rule: rfc6891.optInEveryError,
    when: 'a query has OPT and two questions',
    ...served,
    steps: [
      ask({ questions: [{ type: TYPE.SOA }, { type: TYPE.NS }], edns: {} }),
      expectRefusal({ nothing: 'unsupported' }, opt),
    ],
  },
  {
    rule: rfc6891.noOptWithoutQuery,
    when: 'a query has no OPT',
    needs: [authority],
    steps: [ask({}), expect(proper, soaAnswer, noOpt)],
  },
  {
    rule: rfc6891.noOptWithoutQuery,
    when: 'a query has no OPT, and one before it had',
    ...served,
    steps: [ask({ edns: {} }, {}), expect(proper, soaAnswer, noOpt)],
  },
  {
    rule: rfc6891.oneOptInResponse,
    when: 'a query has OPT',
    ...served,
    steps: [ask({ edns: {} }), expect(proper, opt)],
  },
  {
    rule: rfc6891.optOwnerRoot,
    when: 'a query has OPT',
    ...served,
    steps: [ask({ edns: {} }), expect(proper, opt, rootOwner)],
  },
  {
    rule: rfc6891.severalOptsRefused,
    when: 'a query has two OPT records',
    ...served,
    steps: [ask({ edns: {}, behind: [optRecord()] }), expectRefusal({}, formatError)],
  },
  {
    rule: rfc6891.severalOptsRefused,
    when: 'a query has three OPT records of different sizes',
    ...served,
    steps: [
      ask({ edns: { size: 512 }, behind: [optRecord({ size: 1232 }), optRecord({ size: 4096 })] }),
      expectRefusal({}, formatError),
    ],
  },
  {
    rule: rfc6891.optOwnerElsewhereRefused,
    when: 'OPT is owned by a name',
    ...served,
    steps: [ask({ additional: [{ ...optRecord(), name: 'example.test.' }] }), expectRefusal({}, formatError)],
  },
  {
    rule: rfc6891.optMalformedRefused,
    when: 'an option is longer than what is left of OPT',
    ...served,
    steps: [
      ask({ additional: [overflowing], what: 'ask with an option that overflows OPT' }),
      expectRefusal({}, formatError),
    ],
  },
  {
    rule: rfc6891.optMalformedRefused,
    when: 'OPT ends inside the length of an option',
    ...served,
    steps: [ask({ additional: [halfOption], what: 'ask with half an option' }), expectRefusal({}, formatError)],
  },
  ...[1, 2, 255].map(number => ({
    rule: rfc6891.badVersion,
    when: `a query is of version ${number}`,
    ...served,
    steps: [ask({ edns: { version: number } }), expect(proper, badVersion)],
  })),
  {
    rule: rfc6891.badVersionOwn,
    when: 'a query is of version 1',
    ...served,
    steps: [ask({ edns: { version: 1 } }), expect(proper, badVersion, version(0))],
  },
  {
    rule: rfc6891.badVersionWithoutAnswer,
    when: 'a query is of version 1',
    ...served,
    steps: [ask({ edns: { version: 1 } }), expect(proper, badVersion, noAnswer)],
  },
  {
    rule: rfc8906.ednsVersionAnswered,
    when: 'a query is of version 100',
    ...served,
    steps: [ask({ edns: { version: 100 } }), expect(proper, badVersion, opt, flagsClear)],
  },
  {
    rule: rfc6891.versionZeroInResponse,
    when: 'a query is of version 0',
    ...served,
    steps: [ask({ edns: {} }), expect(proper, version(0))],
  },
  {
    rule: rfc6891.unknownOptionsIgnored,
    when: 'a query has an option without a meaning',
    ...served,
    steps: [ask({ edns: { options: [UNKNOWN] } }), expect(proper, noError, soaAnswer, opt, withoutUnknown)],
  },
  {
    rule: rfc6891.unknownOptionsIgnored,
    when: 'a query has three options without a meaning, with data',
    ...served,
    steps: [
      ask({ edns: { options: [UNKNOWN_WITH_DATA, { code: 65_001, data: new Uint8Array(40) }, UNKNOWN] } }),
      expect(proper, noError, soaAnswer, opt, withoutUnknown),
    ],
  },
  {
    rule: rfc8906.ednsOptionAnswered,
    when: 'a query has an option without a meaning',
    ...served,
    steps: [ask({ edns: { options: [UNKNOWN] } }), expect(proper, noError, soaAnswer, withoutUnknown)],
  },
  {
    rule: rfc6891.unknownFlagsIgnored,
    when: 'a query has an EDNS flag without a meaning',
    ...served,
    steps: [ask({ edns: { flags: 0x80 } }), expect(proper, noError, soaAnswer)],
  },
  {
    rule: rfc6891.unknownFlagsZero,
    when: 'a query has an EDNS flag without a meaning',
    ...served,
    steps: [ask({ edns: { flags: 0x80 } }), expect(proper, opt, flagsClear)],
  },
  {
    rule: rfc6891.unknownFlagsZero,
    when: 'a query has all EDNS flags without a meaning',
    ...served,
    steps: [ask({ edns: { flags: 0x7fff } }), expect(proper, opt, flagsClear)],
  },
  {
    rule: rfc8906.ednsFlagsAnswered,
    when: 'a query has an EDNS flag without a meaning',
    ...served,
    steps: [ask({ edns: { flags: 0x80 } }), expect(proper, noError, soaAnswer, flagsClear)],
  },
  {
    rule: rfc3225.dnssecOkCopied,
    when: 'DO is set',
    ...served,
    steps: [ask({ edns: { dnssecOk: true } }), expect(proper, opt, dnssecOk(true))],
  },
  {
    rule: rfc3225.dnssecOkAnswered,
    when: 'DO is set and the zone is not signed',
    ...served,
    steps: [ask({ edns: { dnssecOk: true } }), expect(proper, noError, soaAnswer)],
  },
  {
    rule: rfc3225.dnssecOkCopied,
    when: 'DO is clear',
    ...served,
    steps: [ask({ edns: { dnssecOk: false } }), expect(proper, opt, dnssecOk(false))],
  },
  {
    rule: rfc3225.dnssecOkAnswered,
    when: 'DO and CD are set',
    ...served,
    steps: [ask({ cd: true, edns: { dnssecOk: true } }), expect(proper, noError, soaAnswer)],
  },
  ...[
    { what: 'an option without a meaning', more: { options: [UNKNOWN] } },
    { what: 'DO', more: { dnssecOk: true } },
    { what: 'an EDNS flag without a meaning', more: { flags: 0x80 } },
    { what: 'NSID', more: { options: [NSID] } },
    { what: 'a cookie', more: { options: [COOKIE] } },
    { what: 'EXPIRE', more: { options: [EXPIRE] } },
    { what: "the client's subnet", more: { options: [SUBNET] } },
  ].map(({ what, more }) => ({
    rule: rfc8906.ednsVersionWithMore,
    when: `a query of version 1 has ${what}`,
    ...served,
    steps: [
      ask({ edns: { version: 1, ...more } }),
      expect(proper, badVersion, noAnswer, version(0), flagsClear, withoutUnknown),
    ],
  })),
  {
    rule: rfc8906.definedOptionsAnswered,
    when: 'a query has NSID, EXPIRE, a subnet, a cookie and padding',
    ...served,
    steps: [
      ask({ edns: { options: [NSID, EXPIRE, SUBNET, COOKIE, PADDING] } }),
      expect(proper, noError, soaAnswer, opt),
    ],
  },
  {
    rule: rfc8906.definedOptionsAnswered,
    when: 'a query has DO and a cookie, as BIND 9.11 asks',
    ...served,
    steps: [
      ask({ edns: { dnssecOk: true, options: [COOKIE] } }),
      expect(proper, noError, soaAnswer, opt, dnssecOk(true)),
    ],
  },
  {
    rule: rfc8906.definedOptionsAnswered,
    when: 'a query has RD, AD and a cookie, as dig 9.11 asks',
    ...served,
    steps: [ask({ rd: true, ad: true, edns: { options: [COOKIE] } }), expect(proper, noError, soaAnswer, opt)],
  },
  ...[
    { what: 'EXPIRE', options: [EXPIRE] },
    { what: "the client's subnet", options: [SUBNET] },
    { what: 'DAU, DHU and N3U', options: [5, 6, 7].map(code => ({ code, data: Uint8Array.of(8, 13) })) },
    { what: 'CHAIN', options: [{ code: OPTION.CHAIN, data: Uint8Array.of(0) }] },
    { what: 'KEY-TAG', options: [{ code: OPTION['KEY-TAG'], data: Uint8Array.of(0x4f, 0x66) }] },
  ].map(({ what, options }) => ({
    rule: rfc8906.definedOptionsAnswered,
    when: `a query has ${what}`,
    ...served,
    steps: [ask({ edns: { options } }), expect(proper, rcode(RCODE.NOERROR, RCODE.REFUSED), opt)],
  })),
  {
    rule: rfc6891.optAnywhere,
    when: 'a record stands behind OPT in the additional section',
    ...served,
    steps: [
      ask({ edns: {}, behind: [parsed('example.test. A 192.0.2.1', '.')] }),
      // Some take no record but OPT: an error with OPT shows that it was found.
      expect(proper, opt),
    ],
  },
  {
    rule: rfc6891.ownSizeAtLeast512,
    when: 'a query has OPT',
    ...served,
    steps: [ask({ edns: {} }), expect(proper, opt, ownSize)],
  },
  {
    rule: rfc6891.optInResponse,
    when: 'OPT names a size of zero',
    ...served,
    steps: [ask({ edns: { size: 0 } }), expect(proper, noError, soaAnswer, opt)],
  },
])
