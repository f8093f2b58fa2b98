import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { readCoverage, versionOf } from '../../fuzz/campaign/coverage-file.ts'
import { type CampaignEvent, CampaignFolder } from '../../fuzz/campaign/folder.ts'
import { readStates, totalOf } from '../../fuzz/campaign/state-graph.ts'
import { which } from '../../io/program.ts'
import { keptIn, QueueLab, type Running, tell, withoutRedis } from './queue.fixture.ts'

const PLANTED = fileURLToPath(new URL('planted.fixture.cjs', import.meta.url))
const TOLD = fileURLToPath(new URL('told.fixture.cjs', import.meta.url))
const TARGET = 'module:./decode.cjs#decode'
const why = withoutRedis()
const NAME = `on many machines${why === undefined ? '' : ` (${why})`}`
/** What was found so long before somebody was killed has to be there still, in ms. */
const AGE = 1000

// Side by side, as mostly one process waits for another: on a busy machine each takes as long as all of them.
describe.skipIf(why !== undefined)(NAME, { concurrent: true, timeout: 400_000 }, () => {
  describe('campaigns that share two workers', () => {
    const files = { 'planted.cjs': PLANTED, 'told.cjs': TOLD, 'here.cjs': TOLD }
    let lab: QueueLab
    let first: string
    let second: string
    let workers: readonly Running[]

    beforeAll(async () => {
      lab = await QueueLab.open('secret')
      first = lab.machine('first', files)
      second = lab.machine('second', files)
      writeFileSync(join(second, 'told.cjs'), `// Another version.\n${readFileSync(TOLD, 'utf8')}`)
      writeFileSync(join(second, 'here.cjs'), 'throw new Error("not here")\n')
      workers = joining(lab, first, second)
    })
    afterAll(() => lab?.close())

    /** A machine that commands, as long as the test takes. */
    function commanding({ onTestFinished }: TestContext, name: string, target: string, ...args: readonly string[]) {
      const machine = lab.machine(name, files)
      const path = join(machine, '.campaigns', `module-${target}-decode`)
      const commander = lab.fuzz(machine, `module:./${target}#decode`, '--slice', '1s', ...args)
      onTestFinished(() => commander.kill('SIGKILL'))
      return { machine, path, commander }
    }

    it('takes what workers find, has it made small by them, and says by how many it was done', async context => {
      const machine = lab.machine('command', files)
      mkdirSync(join(machine, 'vectors/regressions'), { recursive: true })
      const once = 'target: module:./planted.cjs#decode\n410707\n'
      writeFileSync(join(machine, 'vectors/regressions/kind-7.hex'), once)
      const args = ['--allow', 'Refusal', '--seed', '1']
      const { commander, path } = commanding(context, 'command', 'planted.cjs', ...args)
      await commander.until(/1 of 1 regressions are finds again: crash TypeError: no kind 7/)
      const folder = CampaignFolder.at(path)
      await until(() => ['crash', 'hang'].every(kind => folder.finds().some(find => find.kind === kind && find.replay)))
      await Promise.all(workers.map(worker => worker.until(/jobs from/)))
      commander.kill('SIGINT')
      expect(await commander.ended, commander.output()).toBe(1)
      const crash = folder.finds().find(({ kind }) => kind === 'crash')
      expect(crash).toMatchObject({
        title: expect.stringMatching(/^TypeError: no kind \d+$/),
        replay: { again: 3, times: 3 },
      })
      expect(crash?.minimal).toHaveLength(3)
      expect(commander.output()).toMatch(/by 2 on 1 machine\)/)
      // What is entered is known here too, though nothing runs here.
      expect(commander.output()).toMatch(/corpus [1-9]\d*, (blocks [1-9]|[1-9]\d* blocks)/)

      // Chores for the campaign as it lies there, and some more of it.
      const prune = lab.fuzz(machine, 'prune', path)
      const minimise = lab.fuzz(machine, 'minimise', crash?.path ?? '')
      const { commander: later } = commanding(context, 'command', 'planted.cjs', ...args, '--time', '1s')
      expect(await prune.ended, prune.output()).toBe(0)
      expect(prune.output()).toMatch(/^\d+ inputs stay, \d+ are set aside/m)
      expect(await minimise.ended, minimise.output()).toBe(0)
      expect(await later.ended, later.output()).toBe(1)
    })

    it('share inputs of another version of the target, not its coverage', async context => {
      const { commander, machine, path } = commanding(context, 'versions', 'told.cjs')
      const said = /worker \S+ has another version of told\.cjs: inputs are shared with it, coverage is not/g
      const all = [commander, ...workers]
      await Promise.all(all.map(each => each.until(new RegExp(said.source))))
      tell(second, 'Elsewhere')
      const [here, there, elsewhere] = [machine, first, second].map(at => join(at, '.campaigns', basename(path)))
      const crashes = (at: string): number => CampaignFolder.at(at).finds().length
      await until(() => [here, there].every(at => crashes(at ?? '') > 0))
      const versions = (at = ''): string[] => readCoverage(at).map(versionOf).sort()
      await until(() => versions(here).length > 0 && versions(here).join() === versions(there).join())
      await until(() => versions(elsewhere).length > 0)
      expect(versions(elsewhere).filter(version => versions(here).includes(version))).toEqual([])
      for (const each of all) expect(each.output().match(said)).toHaveLength(1)
    })

    it('are left to others by who cannot work on them', async context => {
      const { commander } = commanding(context, 'able', 'here.cjs')
      await Promise.all([
        commander.until(/leaves this campaign to others: not here/),
        workers[0]?.until(/here\.cjs#decode: a slice of/),
      ])
    })

    it('may be of a property', async context => {
      const commander = lab.fuzz(
        lab.machine('property', {}),
        'property:hpack/integer-5',
        '--slice',
        '1s',
        '--time',
        '2s',
      )
      context.onTestFinished(() => commander.kill('SIGKILL'))
      expect(await commander.ended, commander.output()).toBe(0)
      expect(commander.output()).toMatch(/[1-9][\d,]* runs/)
    })

    it('may be of servers, which each worker starts for itself', async context => {
      if (!which('nghttpd')) return context.skip('nghttpd is not installed (scripts/peers nghttpd)')
      const machine = lab.machine('servers', {})
      const commander = lab.fuzz(machine, 'server:nghttpd', '--slice', '2s', '--time', '6s')
      context.onTestFinished(() => commander.kill('SIGKILL'))
      expect(await commander.ended, commander.output()).toBe(0)
      expect(commander.output()).toMatch(/[1-9][\d,]* sessions/)
      const path = join(machine, '.campaigns/server-nghttpd')
      const { runs, states } = CampaignFolder.at(path).events().at(-1) as CampaignEvent
      expect(states).toBeGreaterThan(1)
      // What all saw of its states is here, though no server ran here.
      const { edges } = readStates(path)
      expect(edges.length).toBeGreaterThan(1)
      expect(totalOf({ nodes: [], edges })).toBeGreaterThan((runs as number) / 2)
    })

    it('are left to others by whose server does not come back', async context => {
      if (!which('nghttpd')) return context.skip('nghttpd is not installed (scripts/peers nghttpd)')
      const once = `#!/bin/sh
case "$*" in *--version*) exec nghttpd --version;; esac
[ -e "\${0%/*}/once" ] && exit 3
touch "\${0%/*}/once"
exec timeout 3 nghttpd "$@"
`
      const machines = [first, second, lab.machine('once', {})]
      for (const machine of machines) writeFileSync(join(machine, 'once.sh'), once, { mode: 0o755 })
      const commander = lab.fuzz(machines[2] as string, 'server:nghttpd', '--program', 'once.sh')
      context.onTestFinished(() => commander.kill('SIGKILL'))
      await commander.until(
        /(leaves this campaign to others: no peer: nghttpd ended before it was ready: exit status 3[\s\S]*){2}no worker is there to do it/,
      )
    })

    it('may be of decoders that disagree, but for what is known', async context => {
      const target = 'diff:module:./same.cjs#decode,module:./other.cjs#decode'
      const known = [{ disagreement: '*', reason: 'it is meant to be so' }]
      const machines = [first, second, lab.machine('diff', {})]
      for (const machine of machines) {
        writeFileSync(join(machine, 'same.cjs'), 'exports.decode = octets => octets.length\n')
        writeFileSync(join(machine, 'other.cjs'), 'exports.decode = octets => octets.length % 16\n')
        writeFileSync(join(machine, 'known.json'), JSON.stringify(known))
      }
      const [, , machine = ''] = machines
      const begun = (...args: readonly string[]): Running => {
        const commander = lab.fuzz(machine, target, '--slice', '1s', '--time', '3s', ...args)
        context.onTestFinished(() => commander.kill('SIGKILL'))
        return commander
      }
      const plain = begun()
      const told = begun('--known', 'known.json', '--campaign', 'told')
      expect(await plain.ended, plain.output()).toBe(1)
      expect(plain.output()).toMatch(/disagreement/)
      expect(await told.ended, told.output()).toBe(0)
      expect(told.output()).toMatch(/[1-9]\d* known, and no finds/)
    })

    it('are not begun where there is one place alone', async () => {
      const commander = lab.fuzz(first, 'url:h2c://127.0.0.1:1')
      expect(await commander.ended).toBe(2)
      expect(commander.output()).toMatch(/--queue: url: is in one place, and not for many machines$/m)
      expect(readdirSync(join(first, '.campaigns')).filter(name => name.startsWith('url'))).toEqual([])
    })

    it('need the password, which nobody shows', async () => {
      const refused = lab.fuzzWith(`redis://127.0.0.1:${lab.port}`, first, 'worker')
      expect(await refused.ended).toBe(2)
      expect(refused.output()).toMatch(/NOAUTH.*redis:\/\/:PASSWORD@/)
      for (const worker of workers) expect(worker.output()).not.toMatch('secret')
    })
  })

  it('ends some time after its own where nobody has begun', async context => {
    const lab = await opened(context)
    const commander = lab.fuzz(lab.machine('alone', TOLD), TARGET, '--time', '1s')
    expect(await commander.ended).toBe(2)
    expect(commander.output()).toMatch(/no worker is there to do it: wiregrade fuzz worker/)
    expect(commander.output()).toMatch(/no worker is there yet[\s\S]*ended: no worker has begun with it/)
  })

  it('loses nothing with a worker that is killed, or told to stop; others do their slices', async context => {
    const lab = await opened(context)
    const [command = '', first = '', second = '', third = ''] = ['command', 'first', 'second', 'third'].map(name =>
      lab.machine(name, TOLD),
    )
    lab.fuzz(command, TARGET)
    const [killed, stopped, left] = joining(lab, first, second, third)
    await Promise.all([killed, stopped, left].map(worker => worker?.until(/a slice of 60 s/)))
    for (const word of ['Anna', 'Berta', 'Clara', 'Dora']) {
      tell(first, word)
      await until(() => titlesIn(first).some(title => title.includes(word)))
    }
    await until(() => crashesIn(first, Date.now() - AGE).length > 2)
    const owed = keptIn(first, Date.now() - AGE)
    killed?.kill('SIGKILL')
    await Promise.any([stopped, left].map(worker => worker?.until(/begun by another/)))
    await until(() => [...owed].every(name => keptIn(command).has(name)))

    tell(second, 'Emil')
    await until(() => titlesIn(second).some(title => title.includes('Emil')))
    const begun = left?.output().match(/begun by another/g)?.length ?? 0
    stopped?.kill('SIGTERM')
    expect(await stopped?.ended, stopped?.output()).toBe(0)
    expect(stopped?.output()).toMatch(/handed back, with \d+ s left/)
    // It has ended, and nobody else can give what only it has.
    const given = await lab.inRedis()
    expect([...keptIn(second)].filter(name => !given.has(basename(name)))).toEqual([])
    await until(() => (left?.output().match(/begun by another/g)?.length ?? 0) > begun)
    await until(() => [...keptIn(second)].every(name => keptIn(command).has(name)))
  })

  it('waits for a Redis that goes away, and fills one that comes back empty', async context => {
    const lab = await opened(context)
    const [command = '', first = '', late = ''] = ['command', 'first', 'late'].map(name => lab.machine(name, TOLD))
    const commander = lab.fuzz(command, TARGET, '--slice', '3s')
    const both = [commander, ...joining(lab, first)]
    tell(first, 'Before')
    await until(() => crashesIn(command).length > 0)
    await lab.stopRedis()
    await Promise.all(both.map(each => each.until(/is gone: waiting for it/)))
    const before = keptIn(first).size
    tell(first, 'Meanwhile')
    await until(() => keptIn(first).size > before)
    await lab.startRedis()
    await Promise.all(both.map(each => each.until(/Redis is back/)))
    const owed = keptIn(first)
    await until(() => [...owed].every(name => keptIn(command).has(name)))
    // Somebody who joins later gets all of it.
    joining(lab, late)
    await until(() => [...owed].every(name => keptIn(late).has(name)))
  })
})

/** A lab for one test. */
async function opened({ onTestFinished }: TestContext): Promise<QueueLab> {
  const lab = await QueueLab.open()
  onTestFinished(() => lab.close())
  return lab
}

/** Workers that are about to wait for jobs. */
function joining(lab: QueueLab, ...at: readonly string[]): Running[] {
  return at.map(machine => lab.fuzz(machine, 'worker', '--workers', '1'))
}

/** Names of all crashes on a machine that are older than this. */
function crashesIn(machine: string, before?: number): string[] {
  return [...keptIn(machine, before)].filter(name => name.startsWith('crashes/'))
}

/** Of all finds on a machine that searches for `TARGET`. */
function titlesIn(machine: string): string[] {
  const folder = join(machine, '.campaigns/module-decode.cjs-decode')
  return CampaignFolder.at(folder)
    .finds()
    .map(({ title }) => title)
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(50)
}
