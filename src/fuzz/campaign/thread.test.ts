import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { WORKER } from '../../cli/fuzz/campaign.ts'
import { Examiner } from './examiner.ts'
import { PATIENCE } from './limits.ts'
import { type Stuck, Thread } from './thread.ts'

const DECODER = relative('', fileURLToPath(new URL('../../cli/fuzz/planted.fixture.cjs', import.meta.url)))

describe('the watchdog', () => {
  it('frees a worker that is stuck within 600 ms, and has its input', async () => {
    const input = Uint8Array.of(1, 2, 3)
    let begun = 0
    let used = process.cpuUsage()
    let timer: NodeJS.Timeout | undefined
    const stuck = await new Promise<Stuck>((resolve, reject) => {
      const thread = new Thread({
        entry: WORKER,
        job: { mode: 'examine', target: `module:${DECODER}#endless`, allow: [], seed: 0, inputs: [] },
        onMessage: message => {
          if (message.kind === 'failed') reject(new Error(message.message))
          if (message.kind === 'ready') thread.post({ kind: 'try', id: 1, input, times: 1 })
        },
        onStuck: resolve,
      })
      timer = setInterval(() => {
        if (begun === 0 && thread.shared.beat % 2 === 1) {
          begun = performance.now()
          used = process.cpuUsage()
        }
        thread.watch(performance.now(), process.memoryUsage.rss())
      }, 20)
    }).finally(() => clearInterval(timer))
    expect(stuck).toMatchObject({ how: 'hang', input })
    const elapsed = performance.now() - begun
    expect(elapsed).toBeGreaterThan(PATIENCE - 50)
    // What the machine takes for itself is no concern of this.
    const { user, system } = process.cpuUsage(used)
    expect(Math.min(elapsed, (user + system) / 1000)).toBeLessThan(2 * PATIENCE)
  }, 300_000)

  it('gives up a target that does not end beginning', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wiregrade-endless-'))
    const file = join(folder, 'endless.cjs')
    writeFileSync(file, 'for (;;) {}')
    let timer: NodeJS.Timeout | undefined
    const stuck = await new Promise<Stuck>((resolve, reject) => {
      const thread = new Thread({
        entry: WORKER,
        job: { mode: 'examine', target: `module:${file}`, allow: [], seed: 0, inputs: [] },
        begin: 2000,
        onMessage: message => reject(new Error(message.kind)),
        onStuck: resolve,
      })
      timer = setInterval(() => thread.watch(performance.now(), process.memoryUsage.rss()), 20)
    }).finally(() => {
      clearInterval(timer)
      rmSync(folder, { recursive: true })
    })
    expect(stuck).toEqual({ how: 'died', reason: 'it has not begun after 2 s', input: undefined, ready: false })
  }, 60_000)

  it('has one name for what hangs at one place, and one for what hangs in native code', async () => {
    const signatures = async (name: string) => {
      const examiner = new Examiner(WORKER, { target: `module:${DECODER}#${name}`, allow: [] })
      const { finds } = await examiner.look(Uint8Array.of(1, 2, 3), 3)
      await examiner.stop()
      return finds.map(find => find?.signature)
    }
    const [endless, regular] = await Promise.all([signatures('endless'), signatures('regular')])
    expect(endless).toEqual(Array(3).fill(expect.stringMatching(/^hang \| \S+planted\.fixture\.cjs:\d+$/)))
    expect(new Set(endless).size).toBe(1)
    expect(regular).toEqual(Array(3).fill(`hang | module:${DECODER}#regular`))
  }, 300_000)

  it.each([
    ['regular', { kind: 'hang' }],
    ['hungry', { kind: expect.stringMatching(/hang|memory/) }],
    ['leaves', { kind: 'crash', title: 'the worker died: the process was ended by the target, status 3' }],
    ['later', { kind: 'crash', title: 'RangeError: in a promise' }],
    ['slow', { kind: 'slow', title: expect.stringMatching(/ ms for 3 octets$/) }],
    ['greedy', { kind: expect.stringMatching(/slow|memory/) }],
  ])(
    'contains %s',
    async (name, expected) => {
      const examiner = new Examiner(WORKER, { target: `module:${DECODER}#${name}`, allow: [] })
      const { finds } = await examiner.look(Uint8Array.of(0x41, 1, 1), 2)
      expect(finds).toMatchObject([expected, expected])
      await examiner.stop()
    },
    300_000,
  )
})
