import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { commands, obey } from './commands.ts'
import { UsageError } from './options.ts'

/** A file that is no zone. */
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

/** Obeys in this process; what it prints is kept. */
async function wiregrade(...args: readonly string[]): Promise<{ status: number; stdout: string }> {
  let stdout = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    stdout += text
    return true
  })
  try {
    return { status: await obey(args), stdout }
  } finally {
    write.mockRestore()
  }
}

describe('what cannot be done is told in one line', () => {
  it.each([
    [['grade', 'h2c://127.0.0.1:1'], /127\.0\.0\.1:1.*refused/],
    [['grade', 'http://127.0.0.1:1'], /HTTP\/1\.1.*h2c:\/\//],
    [['grade'], /grade: .*url/i],
    [['grade', 'h2c://127.0.0.1:1', '--only', 'nonsense/*'], /no case is called 'nonsense\/\*'/],
    [['grade', 'h2c://127.0.0.1:1', '--known', '/nowhere'], /known file cannot be read/],
    [['grade', '--role', 'client'], /--run/],
    [['grade', '--role', 'client', '--run', 'true'], /\{url\}/],
    [['grade', 'h2c://127.0.0.1:1', '--jsn', 'x'], /did you mean '--json'/],
    [['garde'], /no command 'garde'; did you mean 'grade'/],
    [['list', 'case'], /did you mean 'cases'/],
    [['explain', 'rfc9113/6.7/ping-lenght'], /did you mean/],
    [['grade', 'dns://127.0.0.1:1'], /nobody speaks DNS at dns:\/\/127\.0\.0\.1:1: .*refused/],
    [['grade', 'tls+dns://127.0.0.1:1'], /127\.0\.0\.1:1.*refused/],
    [['grade', 'dns://127.0.0.1:1', '--zone', '/nowhere'], /the zone file cannot be read: .*\/nowhere/],
    [['grade', 'dns://127.0.0.1:1', '--zone', MAIN], /main\.ts:\d+: /],
    [['grade', 'h2c://127.0.0.1:1', '--zone', MAIN], /--zone is for DNS, not for h2c/],
    [['grade', 'dns://127.0.0.1:1', '--protocol', 'http2'], /dns:\/\/ is DNS over UDP and TCP, not http2/],
    [['grade', 'dns://127.0.0.1:1', '--scheme', 'dns'], /--scheme is for --role client/],
    [['grade', '--role', 'client', '--scheme', 'dot', '--run', 'true'], /--scheme is h2c or https or dns/],
    [['grade', '--role', 'client', '--h2c', '--scheme', 'https', '--run', 'true'], /--h2c is not --scheme https/],
    [['grade', '--role', 'client', '--zone', MAIN, '--run', 'true'], /--zone is for a server/],
    [['serve', 'dns', '--zone', MAIN], /main\.ts:\d+: /],
    [['serve', 'dns', '--tls', '--https'], /either --tls or --https/],
    [['serve', 'dns', '--origin', 'a..b'], /--origin is no name: an empty label/],
    [['serve', 'http2', '--https'], /HTTP\/2 is not served by --https/],
    [['serve', 'http2', '--zone', MAIN], /--zone is for DNS/],
    [['peers', '--scheme', 'dns', '--protocol', 'http2'], /dns is a scheme of dns, not of http2/],
    [['dissect', 'http2/frme', '00'], /did you mean 'http2\/frame'/],
    [['dissect', 'http2/frame', 'xyz'], /neither a file nor hex/],
    [['serve', 'http3'], /no server for 'http3'; did you mean 'http2'/],
    [['serve', 'http2', '--ignore', 'rfc9113/6.7/ping-lengt'], /did you mean 'rfc9113\/6\.7\/ping-length'/],
    [['serve', 'http2', '--port', 'many'], /whole number/],
    [['peers', '--only', 'ngnx'], /did you mean 'nginx/],
    [['vectors', 'hpak/block'], /did you mean/],
    [['prove', 'nothing-like-it'], /no case is called/],
  ])('%j', async (args, message) => {
    const thrown = await wiregrade(...args).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(UsageError)
    expect((thrown as Error).message).toMatch(message)
    expect((thrown as Error).message).not.toContain('\n')
  })
})

describe('commands', () => {
  it('lists cases and rules for scripts', async () => {
    const cases = await wiregrade('list', 'cases', '--json')
    const rules = await wiregrade('list', 'rules', '--json')
    for (const one of JSON.parse(cases.stdout) as object[]) {
      expect(Object.keys(one)).toEqual(['id', 'protocol', 'role', 'rule', 'level', 'section', 'when'])
    }
    for (const one of JSON.parse(rules.stdout) as Record<string, string>[]) {
      expect(one['id']).toBe(`${one['spec']}/${one['section']}/${one['id']?.split('/')[2]}`)
      expect(['MUST', 'SHOULD', 'MAY']).toContain(one['level'])
      expect(['server', 'client', 'proxy', 'both']).toContain(one['role'])
      expect(['tested', 'unobservable', 'missing']).toContain(one['state'])
      if (one['state'] === 'unobservable') expect(one['reason']).toMatch(/\w/)
    }
  })

  it('explains a case by the end of its id, with the octets that go out', async () => {
    const { status, stdout } = await wiregrade('explain', 'ping-length', '--role', 'server')
    expect(status).toBe(0)
    expect(stdout).toContain('https://www.rfc-editor.org/rfc/rfc9113#section-6.7')
    // A PING frame of seven octets: RFC 9113 §4.1 and §6.7.
    const octets = [...stdout.matchAll(/^ +[0-9a-f]{4} {2}([0-9a-f ]+)$/gm)].map(([, line]) => line).join(' ')
    expect(octets).toContain('00 00 07 06 00 00 00 00 00')
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  })

  it('dissects octets, and says where they end too early', async () => {
    const whole = await wiregrade('dissect', 'http2/frame', '0000000401 00000000')
    const part = await wiregrade('dissect', 'http2/frame', '000000')
    expect(whole.status).toBe(0)
    expect(whole.stdout).toMatch(/offset +octets +path +value/)
    expect(part).toMatchObject({ status: 1, stdout: expect.stringMatching(/truncated/) })
  })

  it('help in 80 columns', async () => {
    for (const args of [['--help'], ...commands.map(({ name }) => ['help', name]), ['grade', '--help']]) {
      const { status, stdout } = await wiregrade(...args)
      expect(status).toBe(0)
      expect(stdout).toMatch(/Examples/)
      for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
    }
  })
})
