import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { CannotBegin } from '../../fuzz/campaign/cannot-begin.ts'
import { Examiner } from '../../fuzz/campaign/examiner.ts'
import { CampaignFolder } from '../../fuzz/campaign/folder.ts'
import type { Outcome } from '../../fuzz/target.ts'
import { arrivals, piecesOf } from '../../fuzz/targets/pieces.ts'
import type { LiveServer, ServerSubject } from '../../fuzz/targets/server.ts'
import { listenersAt } from '../../fuzz/targets/server-process.ts'
import { which } from '../../io/program.ts'
import { toHex } from '../../wire/hex.ts'
import { obey } from '../commands.ts'
import { UsageError } from '../options.ts'
import { WORKER } from './campaign.ts'
import { serverTargetNamed } from './server.ts'
import { buildPlanted, lines, plantedSubject, plantedTarget } from './server-planted.fixture.ts'

const planted = buildPlanted()
const path = planted.path ?? ''
afterAll(() => planted.remove())

const DEEP = ['HELO a', 'USER b', 'PASS c', 'MAKE d', 'OPEN d', 'MODE B', `PUT ${'x'.repeat(100)}`]
const WITHIN = 120_000

function titleOf(outcome: Outcome): string {
  return outcome.kind === 'find' ? `${outcome.find.kind}: ${outcome.find.title}` : outcome.kind
}

async function withServer(
  faults: readonly string[],
  does: (subject: ServerSubject, port: number) => Promise<void>,
  options: Parameters<typeof plantedSubject>[2] = {},
): Promise<void> {
  const subject = await plantedSubject(path, faults, options)
  try {
    await does(subject, subject.server.port ?? 0)
  } finally {
    await subject.stop()
  }
}

describe.skipIf(planted.path === undefined)(`a live server${planted.why && `: not built, ${planted.why}`}`, () => {
  it('takes sessions, and shows states and edges', { timeout: WITHIN }, () =>
    withServer([], async (subject, port) => {
      expect(listenersAt(port)).toHaveLength(1)
      const seen = new Set<number>()
      for (const seed of subject.seeds) {
        expect(titleOf(await subject.run(seed))).toBe('accepted')
        for (const state of subject.states?.() ?? []) seen.add(state)
      }
      expect(seen.size).toBeGreaterThan(10)
      const entered = (): number => subject.edges?.filter(hits => hits > 0).length ?? 0
      await subject.run(lines('HELO a'))
      const shallow = entered()
      await subject.run(lines(...DEEP))
      expect(shallow).toBeGreaterThan(5)
      expect(entered()).toBeGreaterThan(shallow)
      expect(titleOf(await subject.run(lines(...DEEP)))).toBe('accepted')
    }),
  )

  it('finds what AddressSanitizer reports, and says how stable it is', { timeout: WITHIN }, () =>
    withServer(['overflow'], async subject => {
      expect(titleOf(await subject.run(lines(...DEEP.slice(0, 6))))).toBe('accepted')
      const outcome = await subject.run(lines(...DEEP))
      expect(titleOf(outcome)).toBe('crash: AddressSanitizer: heap-buffer-overflow in put')
      if (outcome.kind !== 'find') return
      expect(outcome.find.signature).toContain('put obey hear')
      expect(outcome.find.stack).toContain('planted-server.fixture.c')
      const confirmed = await subject.confirm(lines(...DEEP), outcome.find)
      expect(confirmed).toMatchObject({ sessions: 1, times: 3, of: 3 })
      expect(titleOf(await subject.run(lines('HELO a')))).toBe('accepted')
    }),
  )

  it('finds what takes several sessions, and the fewest of them', { timeout: WITHIN }, () =>
    withServer(['crossing'], async subject => {
      await subject.run(lines('HELO a', 'NOOP'))
      await subject.run(lines('HELO a', 'USER b', 'PASS c', 'MAKE d'))
      await subject.run(lines('NOOP'))
      await subject.run(lines('DROP'))
      await subject.run(lines('HELO a'))
      const outcome = await subject.run(lines('STAT'))
      expect(titleOf(outcome)).toBe('crash: AddressSanitizer: heap-use-after-free in stat_box')
      if (outcome.kind !== 'find') return
      const confirmed = await subject.confirm(lines('STAT'), outcome.find)
      expect(confirmed).toMatchObject({ sessions: 3, times: 3 })
      const sent = piecesOf(confirmed.input).flatMap(piece => (piece.kind === 'octets' ? [piece.octets] : []))
      expect(Buffer.concat(sent).toString()).toBe('HELO a\r\nUSER b\r\nPASS c\r\nMAKE d\r\nDROP\r\nSTAT\r\n')
    }),
  )

  it('tells a hang from an end, and goes on', { timeout: WITHIN }, () =>
    withServer(
      ['hang', 'exit'],
      async subject => {
        expect(titleOf(await subject.run(lines('HELO a', 'USER b', 'WAIT -1')))).toBe(
          'hang: no answer for 0.5 s, and is busy',
        )
        expect(titleOf(await subject.run(lines('QUIT now')))).toBe('crash: it ended: exit status 0')
        expect(titleOf(await subject.run(lines('HELO a')))).toBe('accepted')
      },
      { patience: 500 },
    ),
  )

  it('sees memory and descriptors grow', { timeout: WITHIN }, async () => {
    const limits = { memory: 20 << 10, descriptors: 20 }
    for (const [fault, word, title] of [
      ['leak', 'KEEP', /memory: its memory grows: from \d+ KiB to \d+ KiB/],
      ['files', 'HOLD', /memory: its open descriptors grow: from \d+ to \d+/],
    ] as const) {
      await withServer(
        [fault],
        async subject => {
          const outcomes = new Set<string>()
          for (let i = 0; i < 400 && outcomes.size < 2; i++)
            outcomes.add(titleOf(await subject.run(lines('HELO a', 'USER b', word))))
          expect([...outcomes].at(-1)).toMatch(title)
        },
        { limits, edges: false },
      )
    }
  })

  it('starts it anew now and then, and leaves nothing behind', { timeout: WITHIN }, async () => {
    let listening = 0
    await withServer(
      [],
      async (subject, port) => {
        listening = port
        const [first] = listenersAt(port)
        for (let i = 0; i < 5; i++) expect(titleOf(await subject.run(lines('NOOP')))).toBe('accepted')
        expect(subject.journal).toHaveLength(1)
        expect(listenersAt(port)).not.toContain(first)
      },
      { limits: { sessions: 4 } },
    )
    expect(listenersAt(listening)).toEqual([])
  })
})

describe('a program in place of the one installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wiregrade-wrapped-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function wrapped(name: string, how: string): string {
    const [aborts, program] = [join(folder, 'aborts.cjs'), join(folder, name)]
    writeFileSync(
      aborts,
      `const http2 = require('node:http2')
const { createServer } = http2
http2.createServer = serve => createServer(serve).on('session', on => on.on('goaway', () => process.abort()))
require('node:module').syncBuiltinESMExports()`,
    )
    writeFileSync(program, `#!/bin/sh\n${how}"${process.execPath}" -r "${aborts}" "$@"\n`, { mode: 0o755 })
    return program
  }

  it('is there, and can be run; else it is the user who is told', { timeout: WITHIN }, async () => {
    expect(() => serverTargetNamed('server:node', { program: 'nowhere' })).toThrow(
      'fuzz: --program: there is no file nowhere',
    )
    const program = join(folder, 'fails')
    writeFileSync(program, '#!/bin/sh\nexit 3\n', { mode: 0o755 })
    const examiner = new Examiner(WORKER, { target: 'server:node', allow: [], settings: { program } })
    try {
      const looked = examiner.look(Uint8Array.of(0), 1)
      await expect(looked).rejects.toThrow(CannotBegin)
      await expect(looked).rejects.toThrow('no peer: node ended before it was ready: exit status 3')
    } finally {
      await examiner.stop()
    }
  })

  // RFC 9113 §3.4, §6.5 and §6.8: preface, SETTINGS, GOAWAY.
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')
  const frames = Buffer.from('000000040000000000' + '000008070000000000' + '0000000000000000', 'hex')
  const session = arrivals(Buffer.concat([preface, frames]))

  it.each([
    ['is the server', 'exec ', 'crash: it ended: killed by SIGABRT'],
    ['has it as a child', '', 'crash: it ended: exit status 134'],
  ])('that %s aborts with one name', { timeout: WITHIN }, async (name, how, title) => {
    const subject = await serverTargetNamed('server:node', { program: wrapped(name.replaceAll(' ', '-'), how) }).start()
    try {
      const outcomes: Outcome[] = []
      for (let i = 0; i < 4; i++) outcomes.push(await subject.run(session))
      expect([...new Set(outcomes.map(titleOf))]).toEqual([title])
      const [first] = outcomes
      if (first?.kind !== 'find') return
      expect(first.find.certain).toBe(true)
      expect(await subject.confirm(session, first.find)).toMatchObject({ sessions: 1, times: 3, of: 3 })
    } finally {
      await subject.stop()
    }
  })
})

describe.skipIf(planted.path === undefined)('a server that is not ours to start', () => {
  it('is given up when it does not come back', { timeout: WITHIN }, async () => {
    let server: LiveServer | undefined
    const target = plantedTarget(path, ['exit'], {}, started => {
      server = started
      // Ours all the same, but as one that was there before us.
      delete (started.peer as { revive?: unknown }).revive
    })
    const subject = await target.start()
    expect(titleOf(await subject.run(lines('HELO a')))).toBe('accepted')
    expect(titleOf(await subject.run(lines('QUIT now')))).toBe('crash: it ended: exit status 0')
    await expect(subject.run(lines('HELO a'))).rejects.toThrow(/^planted does not come back: exit status 0/)
    expect(subject.before).toHaveLength(2)
    await subject.stop()
    expect(listenersAt(server?.port ?? 0)).toEqual([])
  })
})

describe('what a client said in a capture', () => {
  it('is a session with a server: on its transport, waiting where it was answered', async context => {
    if (!which('text2pcap') || !which('mergecap')) return context.skip('there is nothing that makes a capture')
    const folder = mkdtempSync(join(tmpdir(), 'wiregrade-import-'))
    try {
      // Ethernet frames of IPv4: a query over UDP and its answer, then a stream that begins with SYN.
      const file = join(folder, 'capture.pcap')
      const hosts = ['-4', '127.0.0.2,127.0.0.1']
      const made = (name: string, text: string, ...ports: string[]): string => {
        const path = join(folder, name)
        execFileSync('text2pcap', ['-q', '-F', 'pcap', ...hosts, ...ports, '-', path], { input: text, stdio: 'pipe' })
        return path
      }
      const one = made('one', '0000 aa bb\n', '-u', '4000,53')
      const two = made('two', '0000 00 02 cc dd\n', '-T', '4001,53')
      execFileSync('mergecap', ['-a', '-F', 'pcap', '-w', file, one, two], { stdio: 'pipe' })
      const campaign = join(folder, 'campaign')
      expect(await obey(['fuzz', 'import', file, 'server:bind9', '--campaign', campaign])).toBe(0)
      const said = CampaignFolder.at(campaign)
        .newInputs()
        .map(input => piecesOf(input).map(piece => (piece.kind === 'octets' ? toHex(piece.octets) : piece.flow)))
      expect(said).toEqual(expect.arrayContaining([['aabb'], [1, '0002ccdd']]))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('what cannot be done with a server is told in one line', () => {
  it.each([
    ['server:bind', /no server 'bind'; did you mean 'bind9'/],
    ['server:bind9/ftp', /bind9 is not reached by 'ftp'/],
    ['url:dns://192.0.2.1', /192\.0\.2\.1 is not this machine; --mine says that the server is yours to fuzz/],
    ['url:dns://127.0.0.1:1', /no peer: .*127\.0\.0\.1:1/],
  ])('%s', { timeout: WITHIN }, async (target, message) => {
    const campaign = mkdtempSync(join(tmpdir(), 'wiregrade-none-'))
    const thrown = await obey(['fuzz', target, '--workers', '1', '--campaign', campaign]).catch(
      (error: unknown) => error,
    )
    rmSync(campaign, { recursive: true, force: true })
    expect(thrown).toBeInstanceOf(UsageError)
    expect((thrown as Error).message).toMatch(message)
    expect((thrown as Error).message).not.toContain('\n')
  })
})
