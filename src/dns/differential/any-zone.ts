import fc from 'fast-check'
import type { Line, SmallZone } from './small-zone.ts'
import { BASE } from './small-zone.ts'
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

const outside = fc.constantFrom('x.elsewhere.', 'a.elsewhere.')

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
  .tuple(inside, data)
  .map(([owner, [type, text]]) => ({ owner, ttl: 300, type, data: text }))

/** A cut with glue, which chance alone would seldom make. RFC 1034 §4.2.2 */
const cut: fc.Arbitrary<Line[]> = fc
  .tuple(inside, fc.constantFrom('a', 'b'), fc.boolean())
  .map(([owner, host, glue]) => {
    const under = owner === '@' ? host : `${host}.${owner}`
    const ns: Line = { owner, ttl: 300, type: 'NS', data: under }
    return glue ? [ns, { owner: under, ttl: 300, type: 'A', data: '192.0.2.53' }] : [ns]
  })

const lines = fc
  .array(fc.oneof({ weight: 6, arbitrary: line.map(one => [one]) }, { weight: 1, arbitrary: cut }), {
    minLength: 1,
    maxLength: 7,
  })
  .map(all => withoutInvalid([...BASE, ...all.flat()]))

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
