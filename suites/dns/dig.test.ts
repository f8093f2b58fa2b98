import { execFile } from 'node:child_process'
import type { Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TalkOptions } from '../../src/conformance/case.ts'
import { caseId } from '../../src/conformance/case.ts'
import { TALK_DEFAULTS } from '../../src/conformance/run.ts'
import { which } from '../../src/io/program.ts'
import { toHex } from '../../src/wire/hex.ts'
import suites from './index.ts'

/** How many run at a time. */
const LANES = 8

const cases = suites
  .filter(({ role }) => role === 'server')
  .flatMap(suite => suite.cases)
  .filter(({ opening }) => opening?.transport === undefined || opening.transport === 'udp')

/** Sends back what comes as a response, and remembers it by the port that it came from. */
class Echo {
  readonly heard = new Map<number, Buffer>()
  readonly socket: Socket = createSocket('udp4')

  async listen(): Promise<number> {
    this.socket.on('message', (octets, { port, address }) => {
      this.heard.set(this.heard.size, Buffer.from(octets))
      const response = Buffer.from(octets)
      response[2] = (response[2] ?? 0) | 0x80
      this.socket.send(response, port, address)
    })
    await new Promise<void>(resolve => this.socket.bind(0, '127.0.0.1', () => resolve()))
    return this.socket.address().port
  }
}

describe.skipIf(which('dig') === undefined)('the command for a case (dig is installed, or this is skipped)', () => {
  const echoes: { readonly echo: Echo; readonly port: number }[] = []
  beforeAll(async () => {
    for (let i = 0; i < LANES; i++) {
      const echo = new Echo()
      echoes.push({ echo, port: await echo.listen() })
    }
  })
  afterAll(() => {
    for (const { echo } of echoes) echo.socket.close()
  })

  it('has dig send the same octets, identifiers aside', async () => {
    const jobs = cases.flatMap(entry =>
      entry.steps.flatMap(step => {
        const { octets, command } = step
        return octets && command ? [{ id: caseId(entry), octets, command: command.bind(step) }] : []
      }),
    )
    const wrong: string[] = []
    let asked = 0
    async function lane({ echo, port }: (typeof echoes)[number]): Promise<void> {
      for (let job = jobs.shift(); job; job = jobs.shift()) {
        const options: TalkOptions = { ...TALK_DEFAULTS, authority: `127.0.0.1:${port}`, secure: false }
        const command = job.command(options)
        // Transfers go over TCP; and what dig cannot say goes by other tools.
        if (!command.startsWith('dig') || command.includes(';') || /[AI]XFR/.test(command)) continue
        asked++
        echo.heard.clear()
        await new Promise<void>(resolve => {
          execFile('/bin/sh', ['-c', `${command} +tries=1 +time=5`], () => resolve())
        })
        const got = toHex(echo.heard.get(0) ?? new Uint8Array(0)).slice(4)
        const wanted = toHex(job.octets).slice(4)
        if (got !== wanted) wrong.push(`${job.id}: ${command}\n  ${wanted}\n  ${got}`)
      }
    }
    await Promise.all(echoes.map(lane))
    expect(wrong).toEqual([])
    expect(asked).toBeGreaterThan(250)
  }, 180_000)
})
