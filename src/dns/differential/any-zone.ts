import fc from 'fast-check'
import type { Line, SmallZone } from './small-zone.ts'
import { BASE, LONG } from './small-zone.ts'
import { isBelow, isWithoutAddress, withoutInvalid } from './valid-zone.ts'

/** Few labels meet often; a star in between is a label like others. RFC 4592 §2.1.1 */
const label = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('a', 'b', 'c') },
  { weight: 4, arbitrary: fc.constant('*') },
)

/** Names of up to three labels; the apex is one of them. */
const inside = fc
  .oneof(
    { weight: 1, arbitrary: fc.constant<string[]>([]) },
    { weight: 6, arbitrary: fc.tuple(label) },
    { weight: 6, arbitrary: fc.tuple(label, label) },
    { weight: 3, arbitrary: fc.tuple(label, label, label) },
  )
  .map(labels => labels.join('.') || '@')

/** The second is so long that few labels in front of it make it too long. RFC 6672 §3.1 */
const outside = fc.oneof(
  { weight: 3, arbitrary: fc.constant('x.elsewhere.') },
  { weight: 1, arbitrary: fc.constant(`${LONG}.${LONG}.${LONG}.elsewhere.`) },
)

/** What records point at. */
const target = fc.oneof({ weight: 6, arbitrary: inside }, { weight: 1, arbitrary: outside })

const DIGEST = '1 8 2 0000000000000000000000000000000000000000000000000000000000000001'

/** RDATA by type, and how often a record is of it. */
const DATA: readonly (readonly [weight: number, type: string, data: fc.Arbitrary<string>])[] = [
  [5, 'A', fc.constantFrom('192.0.2.1', '192.0.2.2')],
  [1, 'AAAA', fc.constant('2001:db8::1')],
  [2, 'TXT', fc.constantFrom('"one"', '"two"')],
  [4, 'CNAME', target],
  [3, 'DNAME', target],
  [4, 'NS', target],
  [1, 'MX', target.map(name => `10 ${name}`)],
  [1, 'SRV', target.map(name => `1 2 53 ${name}`)],
  [1, 'DS', fc.constant(DIGEST)],
]

const data = fc.oneof(
  ...DATA.map(([weight, type, arbitrary]) => ({ weight, arbitrary: arbitrary.map(text => [type, text] as const) })),
)

const line: fc.Arbitrary<Line> = fc
  .tuple(inside, data, fc.constantFrom(300, 300, 120))
  .map(([owner, [type, text], ttl]) => ({ owner, ttl, type, data: text }))

/** A cut with glue, which chance alone would seldom make. RFC 1034 §4.2.2 */
const cut: fc.Arbitrary<Line[]> = fc
  .tuple(inside, fc.constantFrom('a', 'b'), fc.boolean())
  .map(([owner, host, glue]) => {
    const under = owner === '@' ? host : `${host}.${owner}`
    const ns: Line = { owner, ttl: 300, type: 'NS', data: under }
    return glue ? [ns, { owner: under, ttl: 300, type: 'A', data: '192.0.2.53' }] : [ns]
  })

/** An absence is to be believed for as long as SOA says by its TTL or its last number, whichever is less. RFC 2308 §3 */
const base = fc.constantFrom(3600, 3600, 30).map(ttl => BASE.map(one => (one.type === 'SOA' ? { ...one, ttl } : one)))

const lines = fc
  .tuple(
    base,
    fc.array(fc.oneof({ weight: 6, arbitrary: line.map(one => [one]) }, { weight: 1, arbitrary: cut }), {
      minLength: 1,
      maxLength: 7,
    }),
  )
  .map(([own, more]) => withOneTtl(withoutInvalid([...own, ...more.flat()])))

/** Records of one set have one TTL. RFC 2181 §5.2 */
function withOneTtl(all: readonly Line[]): Line[] {
  const first = (line: Line): Line => all.find(({ owner, type }) => owner === line.owner && type === line.type) ?? line
  return all.map(line => ({ ...line, ttl: first(line).ttl }))
}

/** A few records each; all that a server has to refuse is left out, and mostly what it may refuse too. */
export const anySmallZone: fc.Arbitrary<SmallZone> = fc
  .tuple(lines, fc.nat({ max: 19 }))
  .map(([all, chance]) => ({ lines: chance === 0 ? all : withoutRefusable(all) }))

/** Without data below DNAME (RFC 6672 §2.4), and without name servers that nobody can reach. */
function withoutRefusable(lines: readonly Line[]): Line[] {
  const tops = lines.filter(({ type }) => type === 'DNAME').map(({ owner }) => owner)
  const kept = lines.filter(({ owner }) => !tops.some(top => isBelow(owner, top)))
  return kept.filter(line => !isWithoutAddress(line, kept))
}
