import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ChildOptions } from './child.ts'
import { startChild } from './child.ts'
import { temporaryFolder } from './folder.ts'
import { freePorts } from './free-port.ts'
import { endingOf, isRoot, NOBODY, which } from './program.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function shell(script: string, more: Partial<ChildOptions> = {}): ChildOptions {
  const folder = temporaryFolder('test', more.unprivileged)
  closing.push(() => folder.remove())
  return { name: 'it', command: '/bin/sh', args: ['-c', script], folder, ready: [{ log: /ready/ }], ...more }
}

/** Neither there nor a zombie that waits for its parent. */
function gone(pid: number): boolean {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return true
  }
}

async function goneSoon(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200 && !gone(pid); tries++) await new Promise(resolve => setTimeout(resolve, 10))
  return gone(pid)
}

describe('startChild', () => {
  it('is back as soon as the child says that it is ready, and ends it when asked', async () => {
    const child = await startChild(shell('echo $$ ready; exec sleep 60'))
    const pid = Number(/(\d+) ready/.exec(child.log())?.[1])
    expect(gone(pid)).toBe(false)
    expect(child.end).toBeUndefined()
    await child.stop()
    await child.stop()
    expect(child.end).toEqual({ code: null, signal: 'SIGTERM' })
    expect(await goneSoon(pid)).toBe(true)
  })

  it('looks into a file, and asks by a probe', async () => {
    let asked = 0
    const child = await startChild(
      shell('echo well > error.log; exec sleep 60', {
        ready: [
          { log: /well/, file: 'error.log' },
          { what: 'answer', probe: () => Promise.resolve(++asked === 3) },
        ],
      }),
    )
    expect(asked).toBe(3)
    await child.stop()
  })

  it('says how a child ended that was not ready yet, with its last words', async () => {
    const failing = startChild(shell('echo bad directive in line 3 >&2; exit 4'))
    await expect(failing).rejects.toThrow('it ended before it was ready: exit status 4\n  bad directive in line 3')
    const missing = startChild({ ...shell(''), command: '/nowhere/at-all' })
    await expect(missing).rejects.toThrow(/^it ended before it was ready: /)
  })

  it('does not wait for ever', async () => {
    const mute = startChild(shell('echo still loading; exec sleep 60', { timeout: 150 }))
    await expect(mute).rejects.toThrow(/^it was not ready within 0 s: no \/ready\/ in its output\n {2}still loading/)
  })

  it('kills a child that does not want to end, and what it started', async () => {
    const child = await startChild(
      shell("trap '' TERM; sleep 61 & echo pids $$ $! ready; while :; do sleep 62; done", { grace: 100 }),
    )
    const pids = (/pids (\d+) (\d+)/.exec(child.log()) ?? []).slice(1).map(Number)
    expect(pids).toHaveLength(2)
    await child.stop()
    expect(child.end?.signal).toBe('SIGKILL')
    for (const pid of pids) expect(await goneSoon(pid)).toBe(true)
  })

  it('takes a worker along whose master died', async () => {
    const child = await startChild(shell('sleep 63 & echo worker $!; exit 3'))
      .then(() => 'alive')
      .catch((thrown: unknown) => String(thrown))
    const pid = Number(/worker (\d+)/.exec(child)?.[1])
    expect(pid).toBeGreaterThan(1)
    expect(await goneSoon(pid)).toBe(true)
  })

  it('runs it as nobody where we are root', async context => {
    if (!isRoot()) return context.skip('only root can become nobody')
    const options = shell('id -u; touch mine; echo ready; exec sleep 60', { unprivileged: true })
    const child = await startChild(options)
    expect(child.log()).toContain(`${NOBODY}\n`)
    expect(statSync(join(options.folder.path, 'mine')).uid).toBe(NOBODY)
    await child.stop()
  })
})

describe('what we leave behind', () => {
  const source = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

  /** Another process that starts a child in a folder, says both, and then does something. */
  async function parent(
    then: string,
    first = '',
  ): Promise<{ end: Promise<unknown>; pid: number; child: number; folder: string }> {
    const script = `
      import { startChild } from ${JSON.stringify(source('./child.ts'))}
      import { temporaryFolder } from ${JSON.stringify(source('./folder.ts'))}
      async function main() {
        const folder = temporaryFolder('orphan')
        const args = ['-c', ${JSON.stringify(`${first}echo pid $$ ready; while :; do sleep 1; done`)}]
        const child = await startChild({ name: 'it', command: '/bin/sh', args, folder, ready: [{ log: /ready/ }] })
        console.log(JSON.stringify({ child: Number(/pid (\\d+)/.exec(child.log())[1]), folder: folder.path }))
        ${then}
      }
      void main()`
    const tester = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    closing.push(() => tester.kill('SIGKILL'))
    const end = new Promise(resolve => tester.once('exit', (code, signal) => resolve(signal ?? code)))
    let said = ''
    for await (const chunk of tester.stdout) {
      said += String(chunk)
      if (said.includes('\n')) break
    }
    return { end, pid: tester.pid ?? 0, ...(JSON.parse(said) as { child: number; folder: string }) }
  }

  it.each(['SIGINT', 'SIGTERM'] as const)('is nothing after %s', async signal => {
    const { end, pid, child, folder } = await parent('setInterval(() => {}, 1000)')
    expect(existsSync(folder)).toBe(true)
    process.kill(pid, signal)
    expect(await end).toBe(signal)
    expect(await goneSoon(child)).toBe(true)
    expect(existsSync(folder)).toBe(false)
  })

  it('is nothing after an error that nobody caught', async () => {
    const { end, child, folder } = await parent('setTimeout(() => { throw new Error("a bug") }, 50)')
    expect(await end).toBe(1)
    expect(await goneSoon(child)).toBe(true)
    expect(existsSync(folder)).toBe(false)
  })

  it('is nothing even after SIGKILL, however stubborn it is', async () => {
    const { end, pid, child, folder } = await parent('setInterval(() => {}, 1000)', "trap '' TERM; ")
    process.kill(pid, 'SIGKILL')
    expect(await end).toBe('SIGKILL')
    expect(await goneSoon(child)).toBe(true)
    await vi.waitFor(() => expect(existsSync(folder)).toBe(false), 5000)
  })

  it('is nothing after the end of a worker thread that was not asked', async () => {
    const code = `import('tsx/esm/api')
      .then(tsx => tsx.register())
      .then(() => Promise.all([import(${JSON.stringify(source('./child.ts'))}), import(${JSON.stringify(source('./folder.ts'))})]))
      .then(async ([{ startChild }, { temporaryFolder }]) => {
        const folder = temporaryFolder('orphan')
        const args = ['-c', "trap '' TERM; echo pid $$ ready; while :; do sleep 1; done"]
        const child = await startChild({ name: 'it', command: '/bin/sh', args, folder, ready: [{ log: /ready/ }] })
        const pid = Number(/pid (\\d+)/.exec(child.log())[1])
        require('node:worker_threads').parentPort.postMessage({ pid, folder: folder.path })
        for (;;);
      })`
    const worker = new Worker(code, { eval: true, execArgv: [] })
    const [{ pid, folder }] = (await once(worker, 'message')) as [{ pid: number; folder: string }]
    expect(gone(pid)).toBe(false)
    await worker.terminate()
    expect(await goneSoon(pid)).toBe(true)
    await vi.waitFor(() => expect(existsSync(folder)).toBe(false), 5000)
  })
})

describe('freePorts', () => {
  it('are all different and free', async () => {
    const ports = await freePorts(20)
    expect(new Set([...ports, ...(await freePorts(20))]).size).toBe(40)
  })
})

describe('which', () => {
  it('finds programs in PATH, where servers live, and nowhere else', () => {
    expect(which('sh')).toMatch(/\/sh$/)
    expect(which('/bin/sh')).toBe('/bin/sh')
    expect(which('no-such-program-anywhere')).toBeUndefined()
    expect(which('/etc')).toBeUndefined()
  })

  it('says how a program ended', () => {
    expect(endingOf({ code: 3, signal: null })).toBe('exit status 3')
    expect(endingOf({ code: null, signal: 'SIGSEGV' })).toBe('killed by SIGSEGV')
  })
})
