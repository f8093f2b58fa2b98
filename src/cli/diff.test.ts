import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { isInstalled } from '../../suites/peers/zone-servers.ts'
import { parseKnownDisagreements } from '../differential/known.ts'
import { obey } from './commands.ts'
import { UsageError } from './options.ts'

const folder = mkdtempSync(join(tmpdir(), 'wiregrade-diff-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'own.zone')
writeFileSync(
  file,
  '$ORIGIN own.test.\n$TTL 60\n@ IN SOA ns.elsewhere. a.elsewhere. 1 2 3 4 60\n@ NS ns.elsewhere.\n*.a CNAME b\nb A 192.0.2.1\n',
)

/** Obeys in this process; what it prints is kept. */
async function diff(...args: readonly string[]): Promise<{ status: number; stdout: string }> {
  let stdout = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    stdout += text
    return true
  })
  try {
    return { status: await obey(['diff', ...args]), stdout }
  } finally {
    write.mockRestore()
  }
}

describe('what cannot be done is told in one line', () => {
  it.each([
    [['dsn'], /did you mean 'dns'/],
    [[], /too little/],
    [['dns', '--with', 'wiregrade'], /takes two/],
    [['dns', '--with', 'bind,wiregrade'], /no server 'bind' takes zones; did you mean 'bind9'/],
    [['dns', '--with', 'wiregrade,wiregrade'], /takes two/],
    [['dns', '--zones', 'many'], /whole number/],
    [['dns', '--query', 'a A'], /--query is about a --zone-file/],
    [['dns', '--zone-file', '/nowhere', '--with', 'wiregrade,knot'], /zone file cannot be read|not installed/],
    [['dns', '--known', '/nowhere'], /known file cannot be read|takes two/],
  ])('%j', async (args, message) => {
    const thrown = await diff(...args).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(UsageError)
    expect((thrown as UsageError).message).toMatch(message)
    expect((thrown as UsageError).message).not.toContain('\n')
  })
})

it('what is known has a reason each', () => {
  const known = new URL('../../suites/dns/differential-known.json', import.meta.url)
  expect(parseKnownDisagreements(readFileSync(known, 'utf8'), 'known').length).toBeGreaterThan(0)
})

describe.skipIf(!isInstalled('knot'))('with a real server', () => {
  it('tells what each says where they agree', async () => {
    const { status, stdout } = await diff('dns', '--with', 'knot,wiregrade', '--zone-file', file, '--query', 'x.a A do')
    expect(status).toBe(0)
    expect(stdout).toMatch(/\? x\.a A do: they agree/)
    expect(stdout.match(/x\.a 60 CNAME b, b 60 A 192\.0\.2\.1/g)).toHaveLength(2)
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  })

  it.each([
    ['a .. A', /--query/],
    ['a', undefined],
    ['a NOTYPE', /'NOTYPE' is no type/],
    ['a A dnssec', /'dnssec' is not plain or do/],
  ])('--query %j', async (query, message) => {
    const ran = diff('dns', '--with', 'knot,wiregrade', '--zone-file', file, '--query', query)
    if (message === undefined) expect(await ran).toMatchObject({ status: 0 })
    else await expect(ran).rejects.toThrow(message)
  })

  it('makes up zones, the same for the same seed, and finds nothing new in them', async () => {
    const args = ['dns', '--with', 'knot,wiregrade', '--seed', '5', '--zones', '20', '--json', '-', '--out', folder]
    const { status, stdout } = await diff(...args)
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ seed: 5, scenes: 20, subjects: ['knot', 'wiregrade'] })
    expect((await diff(...args)).stdout).toBe(stdout)
  })
})
