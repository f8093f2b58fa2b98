import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { runCampaign } from '../../fuzz/campaign/campaign.ts'
import { examineFind } from '../../fuzz/campaign/examine-find.ts'
import { Examiner } from '../../fuzz/campaign/examiner.ts'
import { beforeFind, CampaignFolder, type KeptFind } from '../../fuzz/campaign/folder.ts'
import type { FromWorker } from '../../fuzz/campaign/job.ts'
import { worthKeeping } from '../../fuzz/campaign/prune.ts'
import { readStates } from '../../fuzz/campaign/state-graph.ts'
import type { Status } from '../../fuzz/campaign/status.ts'
import { Thread } from '../../fuzz/campaign/thread.ts'
import { piecesOf } from '../../fuzz/targets/pieces.ts'
import { buildPlanted, lines } from './server-planted.fixture.ts'
import { programServer } from './server-program.ts'

const planted = buildPlanted()
const program = planted.path ?? ''
const entry = new URL('planted-worker.fixture.ts', import.meta.url)
const root = mkdtempSync(join(tmpdir(), 'wiregrade-server-campaign-'))
afterAll(() => {
  planted.remove()
  rmSync(root, { recursive: true, force: true })
})
/** A busy machine takes its time to load what each worker runs. */
const WITHIN = 300_000
const DEEP = ['HELO a', 'USER b', 'PASS c', 'MAKE d', 'OPEN d', 'MODE B', `PUT ${'x'.repeat(100)}`]

function campaignOn(target: string, ...inputs: readonly Uint8Array[]): CampaignFolder {
  const path = mkdtempSync(join(root, 'campaign-'))
  const folder = CampaignFolder.open(path, { target, allow: [], settings: { program }, version: '0' }, Date.now())
  for (const input of inputs) folder.addInput(input)
  // What was put there is to be found there, as by another.
  return CampaignFolder.at(path) && CampaignFolder.open(path, folder.file, Date.now())
}

/** The servers that run of the program that was built. */
function running(): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith(`${program}\0`)
      } catch {
        return false
      }
    })
    .map(Number)
}

const noneLeft = (): Promise<void> => vi.waitFor(() => expect(running()).toEqual([]), 5000)

function text(input: Uint8Array): string {
  return piecesOf(input)
    .flatMap(piece => (piece.kind === 'octets' ? [Buffer.from(piece.octets).toString('latin1')] : []))
    .join('')
}

describe.skipIf(planted.path === undefined)(
  `a campaign on a server${planted.why && `: not built, ${planted.why}`}`,
  () => {
    it('finds, tries again, makes small, and writes a program that does the same', { timeout: WITHIN }, async () => {
      const folder = campaignOn('server:planted/overflow', lines('NOOP', ...DEEP, 'NOOP'))
      let last: Status | undefined
      const ending = await runCampaign({
        folder,
        entry,
        workers: 2,
        seed: 1,
        pieces: true,
        runs: 300,
        onStatus: status => {
          last = status
        },
      })
      await noneLeft()
      expect(ending).toMatchObject({ why: 'runs', server: 'planted', finds: { crash: 1 } })
      expect(last?.states).toBeGreaterThan(5)
      expect(ending.revived).toBeGreaterThan(0)
      const [kept] = folder.finds()
      expect(kept).toMatchObject({ title: 'AddressSanitizer: heap-buffer-overflow in put' })
      // A campaign ends when it is to end, and may have had no time to look for the smallest.
      const patient = new Examiner(entry, folder.file)
      const examined = await examineFind(patient, kept as KeptFind, { pieces: true, time: WITHIN })
      await patient.stop()
      expect(examined.replay).toMatchObject({ again: 3, times: 3, sessions: 1 })
      // No message is left out that it takes, and none is left that it does not.
      expect(text(examined.minimal)).not.toContain('NOOP')
      expect(examined.minimal.length).toBeLessThan(kept?.input.length ?? 0)
      folder.addReplay(kept as KeptFind, examined.replay, examined.minimal, examined.script)
      const [find] = folder.finds()
      const { nodes, edges } = readStates(folder.path)
      expect(nodes).toEqual(
        expect.arrayContaining([
          { id: '250', label: '250' },
          { id: 'tcp', label: 'tcp' },
        ]),
      )
      expect(edges).toEqual(expect.arrayContaining([expect.objectContaining({ from: 'tcp', to: '250' })]))

      // The script ends a server that nobody of ours looks after.
      const server = await programServer({
        name: 'planted',
        command: program,
        args: port => [String(port), 'overflow'],
        hello: { octets: Buffer.from('NOOP\r\n'), answeredBy: octets => octets[0] === 0x32 },
      })
      const script = join(find?.path ?? '', 'replay.mjs')
      const replayed = spawnSync(process.execPath, [script, '127.0.0.1', String(server.port)], { encoding: 'utf8' })
      await server.peer.close()
      expect(replayed.stderr).toBe('')
      expect(replayed.stdout).toContain('it does not answer any more')
      expect(readFileSync(script, 'utf8')).toMatch(
        /^\/\/ planted crash: AddressSanitizer: heap-buffer-overflow in put\n/,
      )

      // It is tried again by whoever has the folder, on a server of his own.
      const examiner = new Examiner(entry, folder.file)
      const { finds } = await examiner.look(find?.minimal ?? new Uint8Array(), 2)
      expect(finds.map(each => each?.title)).toEqual([find?.title, find?.title])
      await examiner.stop()
      await noneLeft()
    })

    it('leaves it to the oracle what a hang is, and goes on', { timeout: WITHIN }, async () => {
      const folder = campaignOn('server:planted/hang', lines('HELO a', 'USER b', 'WAIT -1'))
      const ending = await runCampaign({ folder, entry, workers: 1, seed: 1, pieces: true, runs: 60 })
      await noneLeft()
      expect(ending).toMatchObject({ why: 'runs', runs: 60, restarts: 0 })
      const [find] = folder.finds()
      expect(find).toMatchObject({ kind: 'hang', replay: { again: 3, times: 3 } })
      expect(find?.title).toMatch(/^no answer for 0\.5 s/)
      // Another campaign in the folder knows what it is not to try again.
      expect(await runCampaign({ folder, entry, workers: 1, seed: 1, pieces: true, runs: 20 })).toMatchObject({
        finds: { hang: 1 },
      })
      await noneLeft()
    })

    it('keeps the sessions that a find takes', { timeout: WITHIN }, async () => {
      const folder = campaignOn('server:planted/crossing')
      const sessions = [
        lines('HELO a', 'NOOP'),
        lines('HELO a', 'USER b', 'PASS c', 'MAKE d'),
        lines('DROP'),
        lines('STAT'),
      ]
      const find = folder.addFind(
        { kind: 'crash', title: 'AddressSanitizer: heap-use-after-free in stat_box', signature: 'x' },
        sessions[3] as Uint8Array,
        Date.now(),
        sessions,
      )
      if (!find) throw new Error('it was not kept')
      expect(beforeFind(find)).toEqual(sessions)
      const examiner = new Examiner(entry, folder.file)
      const { replay, minimal, script } = await examineFind(examiner, find, { pieces: true, hurried: () => true })
      await examiner.stop()
      expect(replay).toMatchObject({ again: 3, times: 3, sessions: 3 })
      expect(text(minimal)).toMatch(/MAKE.*DROP.*STAT/s)
      expect(script).toContain('"end"')
      await noneLeft()
    })

    it('sets inputs aside by the states and edges that they show', { timeout: WITHIN }, async () => {
      const folder = campaignOn('server:planted')
      const inputs = [lines('HELO a'), lines('HELO a', 'USER b'), lines('HELO z'), lines('HELO a', 'USER b', 'STAT')]
      const kept = await worthKeeping(entry, folder.file, inputs)
      expect(kept).toContain(inputs[0])
      expect(kept).toContain(inputs[3])
      expect(kept).not.toContain(inputs[2])
      await noneLeft()
    })

    it('leaves no server behind, even if its worker is ended', { timeout: WITHIN }, async () => {
      const { file } = campaignOn('server:planted')
      const job = { ...file, mode: 'examine', seed: 0, inputs: [] } as const
      let thread: Thread | undefined
      const ready = new Promise<FromWorker>((resolve, reject) => {
        thread = new Thread({ entry, job, onMessage: resolve, onStuck: reject })
      })
      expect(await ready).toMatchObject({ kind: 'ready', orderly: true, title: 'planted' })
      expect(running()).toHaveLength(1)
      await thread?.stop()
      // It had all the time that it takes to end it in order.
      expect(running()).toEqual([])
    })
  },
)

describe('a campaign on a server that is ours to start', () => {
  const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

  function childrenOf(parent: number): number[] {
    return (
      readdirSync('/proc')
        .filter(name => /^\d+$/.test(name))
        .filter(pid => new RegExp(`^PPid:\\s+${parent}$`, 'm').test(statusOf(pid)))
        // What reads TypeScript is none of ours.
        .filter(pid => !/^Name:\s+esbuild$/m.test(statusOf(pid)))
        .map(Number)
    )
  }

  function corpusOf(campaign: string): number {
    try {
      return readdirSync(join(campaign, 'corpus')).length
    } catch {
      return 0
    }
  }

  function statusOf(pid: string | number): string {
    try {
      return readFileSync(`/proc/${pid}/status`, 'utf8')
    } catch {
      return ''
    }
  }

  it.each([
    ['is killed', ['SIGKILL']],
    ['is stopped', ['SIGTERM']],
    ['is stopped in a hurry', ['SIGINT', 'SIGINT']],
  ] as const)('leaves no server behind when it %s', { timeout: WITHIN }, async (_, signals) => {
    const campaign = mkdtempSync(join(root, 'killed-'))
    const args = ['--import', 'tsx', MAIN, 'fuzz', 'server:node', '--workers', '2', '--campaign', campaign]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (part: Buffer) => {
      said += part
    })
    let over = false
    const ended = once(child, 'exit').finally(() => {
      over = true
    })
    // Two servers, and what guards each.
    const begun = (): boolean => corpusOf(campaign) > 3 && childrenOf(child.pid ?? 0).length >= 4
    while (!begun() && !over) await new Promise(resolve => setTimeout(resolve, 50))
    expect(over, said).toBe(false)
    const children = childrenOf(child.pid ?? 0)
    for (const signal of signals) {
      child.kill(signal)
      await new Promise(resolve => setTimeout(resolve, 300))
    }
    await ended
    await vi.waitFor(() => expect(children.filter(pid => /^State:\s+[^ZX]/m.test(statusOf(pid)))).toEqual([]), 5000)
  })
})
