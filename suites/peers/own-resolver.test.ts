import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { types } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rdataText } from '../../src/dns/rdata.ts'
import { Resolver } from '../../src/dns/resolver.ts'
import type { Resolution } from '../../src/dns/stub/resolution.ts'
import { which } from '../../src/io/program.ts'
import { createResolver, type SystemResolver } from '../../src/io/resolver.ts'
import type { StartedPeer } from './index.ts'
import { installedVersion, recipes, startPeer } from './index.ts'

/** Our own resolver at other people's servers, against what dig finds there. */

const SERVERS = ['bind9', 'knot', 'nsd', 'unbound'] as const

/** Names of the zone, below example.test., with what is asked of them. */
const QUESTIONS = [
  ['www', 'A'],
  ['www', 'AAAA'],
  ['WWW', 'a'],
  ['many', 'A'],
  ['alias', 'A'],
  ['chain1', 'A'],
  ['alias', 'CNAME'],
  ['a.tree', 'A'],
  ['anything.wild', 'TXT'],
  ['crowd', 'MX'],
  ['size600', 'TXT'],
  ['size5000', 'TXT'],
] as const

const NOTHING = [
  ['nowhere', 'A', 'NXDOMAIN'],
  ['only-v4', 'AAAA', 'NODATA'],
  ['b.ent', 'A', 'NODATA'],
  ['dangling', 'A', 'NXDOMAIN'],
] as const

const running: StartedPeer[] = []
afterAll(async () => {
  await Promise.all(running.map(peer => peer.close()))
})

const number = (type: string): number => types.number(type) as number

/** What was found, in lower case: names may come back in the mixed case that they were asked in. */
function lines(resolution: Resolution): string[] | string {
  if (resolution.kind !== 'answer') return resolution.why
  return resolution.records.map(({ type, class: klass, data }) => rdataText(type, klass, data).toLowerCase()).sort()
}

/** The records that dig finds, in lower case, without the aliases that lead to them. */
async function dug(peer: StartedPeer, name: string, type: string): Promise<string[]> {
  const [host = '', port = ''] = peer.address.split(':')
  const args = [`@${host}`, '-p', port, '+noall', '+answer', '+norecurse', `${name}.example.test.`, type]
  const { stdout } = await promisify(execFile)('dig', args)
  return stdout
    .split('\n')
    .map(line => /^\S+\s+\d+\s+IN\s+(\S+)\s+(.*)$/.exec(line))
    .filter(found => found?.[1] === type.toUpperCase())
    .map(found => (found?.[2] ?? '').toLowerCase())
    .sort()
}

async function resolving(
  name: string,
  scheme: 'dns' | 'tls+dns',
  more: { readonly transport?: 'tls'; readonly mixedCase?: true } = {},
): Promise<{ resolver: SystemResolver<Resolution>; peer: StartedPeer }> {
  const recipe = recipes[name]
  if (!recipe) throw new Error(`no recipe ${name}`)
  const peer = await startPeer(recipe, dns, { scheme })
  running.push(peer)
  const resolver = createResolver<Resolution>({
    servers: [peer.address],
    machine: given => new Resolver({ ...given, ...more }),
    tls: { insecure: true },
  })
  return { resolver, peer }
}

const ask = (resolver: SystemResolver<Resolution>, name: string, type: string): Promise<Resolution> =>
  resolver.resolve(`${name}.example.test.`, number(type))

describe.skipIf(which('dig') === undefined).concurrent.each(SERVERS)(
  'at %s (skipped where it is not installed)',
  name => {
    it('finds what dig finds', { timeout: 30_000 }, async context => {
      const recipe = recipes[name]
      if (!recipe || (await installedVersion(recipe)) === undefined) return context.skip('not installed')
      const { resolver, peer } = await resolving(name, 'dns', { mixedCase: true })
      for (const [owner, type] of QUESTIONS) {
        const found = lines(await ask(resolver, owner, type))
        expect(found, `${owner} ${type}`).toEqual(await dug(peer, owner, type))
        expect(found.length, `${owner} ${type}`).toBeGreaterThan(0)
      }
      for (const [owner, type, why] of NOTHING) {
        expect(await ask(resolver, owner, type), `${owner} ${type}`).toMatchObject({ kind: 'negative', why })
      }
      // Loops and names beyond the zone are told, and do not hold it up.
      for (const owner of ['loop1', 'outside']) {
        expect((await ask(resolver, owner, 'A')).kind, owner).not.toBe('answer')
      }
      resolver.close()
    })
  },
)

describe('over TLS, at nsd (skipped where it is not installed)', () => {
  it('finds what it finds over UDP', { timeout: 30_000 }, async context => {
    const recipe = recipes['nsd']
    if (!recipe || (await installedVersion(recipe)) === undefined) return context.skip('not installed')
    const { resolver } = await resolving('nsd', 'tls+dns', { transport: 'tls' })
    expect(lines(await ask(resolver, 'www', 'A'))).toEqual(['192.0.2.1'])
    expect(lines(await ask(resolver, 'size5000', 'TXT'))).toHaveLength(26)
    resolver.close()
  })
})
