import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { CampaignFolder } from '../../fuzz/campaign/folder.ts'
import { keptIn, QueueLab, withoutRedis } from './queue.fixture.ts'

const PLANTED = fileURLToPath(new URL('planted.fixture.cjs', import.meta.url))
const STEADY = fileURLToPath(new URL('steady.fixture.cjs', import.meta.url))
const TARGET = 'module:./decode.cjs#decode'
const why = withoutRedis()
/** What was found so long before somebody was killed has to be there still, in ms. */
const AGE = 1000

let lab: QueueLab | undefined
afterEach(() => lab?.close())

describe.skipIf(why !== undefined)(`a campaign on many machines${why === undefined ? '' : ` (${why})`}`, () => {
  it('takes what workers find, has it made small by them, and says by how many it was done', async () => {
    lab = await QueueLab.open()
    const [command, first, second] = ['command', 'first', 'second'].map(name => lab?.machine(name, PLANTED) ?? '')
    mkdirSync(join(command ?? '', 'vectors/regressions'), { recursive: true })
    writeFileSync(join(command ?? '', 'vectors/regressions/kind-7.hex'), `target: ${TARGET}\n410707\n`)
    const workers = [first, second].map(at => lab?.fuzz(at ?? '', 'worker', '--workers', '1'))
    await Promise.all(workers.map(worker => worker?.until(/jobs from/)))
    const args = [TARGET, '--allow', 'Refusal', '--time', '6s', '--slice', '3s', '--seed', '1']
    const commander = lab.fuzz(command ?? '', ...args)
    expect(await commander.ended, commander.output()).toBe(1)
    const folder = CampaignFolder.at(join(command ?? '', '.campaigns/module-.-decode.cjs-decode'))
    const finds = folder.finds()
    const crash = finds.find(({ kind }) => kind === 'crash')
    expect(crash).toMatchObject({
      title: expect.stringMatching(/^TypeError: no kind \d+$/),
      replay: { again: 3, times: 3 },
    })
    expect(crash?.minimal).toHaveLength(3)
    expect(finds.map(({ kind }) => kind)).toContain('hang')
    expect(commander.output()).toMatch(/by 2 on 1 machine\)/)
    expect(commander.output()).toMatch(/1 of 1 regressions are finds again: crash TypeError: no kind 7/)
    // What is entered is known here too, though nothing runs here.
    expect(commander.output()).toMatch(/corpus [1-9]\d*, (blocks [1-9]|[1-9]\d* blocks)/)
    for (const worker of workers) {
      worker?.kill('SIGTERM')
      expect(await worker?.ended, worker?.output()).toBe(0)
    }
    // Chores for the campaign as it lies there.
    const later = lab.fuzz(second ?? '', 'worker', '--workers', '1')
    await later.until(/jobs from/)
    const prune = lab.fuzz(command ?? '', 'prune', folder.path)
    expect(await prune.ended, prune.output()).toBe(0)
    expect(prune.output()).toMatch(/^\d+ inputs stay, \d+ are set aside/m)
    const minimise = lab.fuzz(command ?? '', 'minimise', crash?.path ?? '')
    expect(await minimise.ended, minimise.output()).toBe(0)
  })

  it('loses nothing with a worker that is killed; another does its slice', async () => {
    lab = await QueueLab.open()
    const [command = '', first = '', second = ''] = ['command', 'first', 'second'].map(name =>
      lab?.machine(name, STEADY),
    )
    const killed = lab.fuzz(first, 'worker', '--workers', '1')
    const left = lab.fuzz(second, 'worker', '--workers', '1')
    await Promise.all([killed, left].map(worker => worker.until(/jobs from/)))
    lab.fuzz(command, TARGET)
    await Promise.all([killed, left].map(worker => worker.until(/a slice of/)))
    while (keptIn(first, Date.now() - AGE).size < 5) await sleep(50)
    killed.kill('SIGKILL')
    const owed = keptIn(first, Date.now() - AGE)
    await left.until(/begun by another/)
    await until(() => [...owed].every(name => keptIn(command).has(name)))
  })

  it('has a slice handed back by a worker that is told to stop', async () => {
    lab = await QueueLab.open()
    const [command = '', first = '', second = ''] = ['command', 'first', 'second'].map(name =>
      lab?.machine(name, STEADY),
    )
    const stopped = lab.fuzz(first, 'worker', '--workers', '1')
    await stopped.until(/jobs from/)
    lab.fuzz(command, TARGET)
    await stopped.until(/a slice of 60 s/)
    await until(() => keptIn(first).size > 0)
    const other = lab.fuzz(second, 'worker', '--workers', '1')
    await other.until(/jobs from/)
    stopped.kill('SIGTERM')
    expect(await stopped.ended, stopped.output()).toBe(0)
    expect(stopped.output()).toMatch(/handed back, with \d+ s left/)
    await other.until(/a slice of \d+ s, begun by another/)
    expect([...keptIn(command)]).toEqual(expect.arrayContaining([...keptIn(first)]))
  })

  it('shares inputs of another version of the target, not its coverage', async () => {
    lab = await QueueLab.open()
    const [command = '', first = '', second = ''] = ['command', 'first', 'second'].map(name =>
      lab?.machine(name, STEADY),
    )
    const decoder = join(second, 'decode.cjs')
    writeFileSync(decoder, `// Another version.\n${readFileSync(decoder, 'utf8')}`)
    const workers = [first, second].map(at => lab?.fuzz(at, 'worker', '--workers', '1'))
    await Promise.all(workers.map(worker => worker?.until(/jobs from/)))
    const commander = lab.fuzz(command, TARGET)
    const said = /worker \S+ has another version of decode\.cjs: inputs are shared with it, coverage is not/g
    await Promise.all([commander, ...workers].map(each => each?.until(new RegExp(said.source))))
    await until(() => [...keptIn(second, Date.now() - AGE)].every(name => keptIn(first).has(name)))
    const path = join('.campaigns/module-.-decode.cjs-decode/coverage')
    const coverage = [command, first].map(at => keptFiles(join(at, path)))
    expect(coverage[0]).toEqual(coverage[1])
    expect(keptFiles(join(second, path)).filter(name => coverage[0]?.includes(name))).toEqual([])
    for (const each of [commander, ...workers]) expect(each?.output().match(said)).toHaveLength(1)
  })

  it('waits for a Redis that goes away, and fills one that comes back empty', async () => {
    lab = await QueueLab.open()
    const [command = '', first = ''] = ['command', 'first'].map(name => lab?.machine(name, STEADY))
    const worker = lab.fuzz(first, 'worker', '--workers', '1')
    await worker.until(/jobs from/)
    const commander = lab.fuzz(command, TARGET, '--slice', '3s')
    await until(() => keptIn(command).size > 3)
    await lab.stopRedis()
    await Promise.all([worker, commander].map(each => each.until(/is gone: waiting for it/)))
    const before = keptIn(first).size
    await until(() => keptIn(first).size > before)
    await lab.startRedis()
    await Promise.all([worker, commander].map(each => each.until(/Redis is back/)))
    const owed = keptIn(first)
    await until(() => [...owed].every(name => keptIn(command).has(name)))
    commander.kill('SIGKILL')
    // Somebody who joins later gets all of it.
    const late = lab.machine('late', STEADY)
    lab.fuzz(late, 'worker', '--workers', '1')
    lab.fuzz(command, TARGET)
    await until(() => [...owed].every(name => keptIn(late).has(name)))
  })

  it('says who cannot work on a target, and leaves it to others', async () => {
    lab = await QueueLab.open('--requirepass', 'secret')
    const command = lab.machine('command', STEADY)
    const refused = lab.fuzz(command, 'worker')
    expect(await refused.ended).toBe(2)
    expect(refused.output()).toMatch(/NOAUTH.*redis:\/\/:PASSWORD@/)
    lab.password = 'secret'
    const without = lab.machine('without', PLANTED)
    writeFileSync(join(without, 'decode.cjs'), 'throw new Error("not here")\n')
    const worker = lab.fuzz(without, 'worker', '--workers', '1')
    await worker.until(/jobs from/)
    expect(worker.output()).not.toMatch('secret')
    const commander = lab.fuzz(command, TARGET)
    await commander.until(/leaves this campaign to others: not here/)
    const able = lab.fuzz(lab.machine('able', STEADY), 'worker', '--workers', '1')
    await able.until(/a slice of/)
  })
})

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(50)
}

function keptFiles(folder: string): string[] {
  return readdirSync(folder).filter(name => name.endsWith('.json'))
}
