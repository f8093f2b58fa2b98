import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { arrivals } from '../../fuzz/targets/pieces.ts'
import type { LiveServer, ServerLimits, ServerSubject, ServerTarget } from '../../fuzz/targets/server.ts'
import { serverTarget } from '../../fuzz/targets/server.ts'
import { lineForm } from '../../fuzz/targets/server-form.ts'
import { which } from '../../io/program.ts'
import { programServer } from './server-program.ts'

const NATIVE = fileURLToPath(new URL('../../fuzz/native/', import.meta.url))

export const WORDS = [
  'HELO',
  'USER',
  'PASS',
  'MAKE',
  'OPEN',
  'MODE',
  'PUT',
  'STAT',
  'DROP',
  'WAIT',
  'NOOP',
  'QUIT',
  'KEEP',
  'HOLD',
]

/** The planted server, built; `path` undefined, with the reason, where it cannot be. */
export interface Planted {
  readonly path: string | undefined
  readonly why: string
  remove(): void
}

/** Builds the planted server with the edge map and AddressSanitizer. */
export function buildPlanted(): Planted {
  const compiler = which('gcc') ?? which('cc')
  if (compiler === undefined) return { path: undefined, why: 'there is no C compiler', remove() {} }
  const folder = mkdtempSync(join(tmpdir(), 'wiregrade-planted-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  const [object, path] = [join(folder, 'edge-map.o'), join(folder, 'planted-server')]
  try {
    const run = (...args: string[]): void => void execFileSync(compiler, ['-O1', '-g', ...args], { stdio: 'pipe' })
    run('-c', join(NATIVE, 'edge-map.c'), '-o', object)
    run(
      '-fsanitize=address',
      '-fsanitize-coverage=trace-pc',
      join(NATIVE, 'planted-server.fixture.c'),
      object,
      '-o',
      path,
    )
    return { path, why: '', remove }
  } catch (thrown) {
    remove()
    const why = String((thrown as { stderr?: unknown }).stderr ?? thrown).split('\n')[0]
    return { path: undefined, why: `the compiler has no AddressSanitizer or trace-pc: ${why}`, remove() {} }
  }
}

const encoded = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

/** Sessions as any client would have them: none goes far. */
const SEEDS = [
  'HELO me\r\nNOOP\r\nQUIT\r\n',
  'HELO me\r\nUSER you\r\nSTAT\r\n',
  'HELO me\r\nWAIT 1\r\nDROP\r\nKEEP\r\nHOLD\r\n',
  'USER you\r\nPASS word\r\nMAKE box\r\n',
  'OPEN box\r\nMODE A\r\nMODE B\r\nPUT some\r\n',
].map(text => arrivals(encoded(text)))

export interface PlantedOptions {
  readonly edges?: boolean
  readonly limits?: Partial<ServerLimits>
  /** Milliseconds until it counts as hanging. */
  readonly patience?: number
}

/** The planted server as a target, with these faults; `onStart` is given each server that is started. */
export function plantedTarget(
  path: string,
  faults: readonly string[],
  { edges = true, limits, patience }: PlantedOptions = {},
  onStart?: (server: LiveServer) => void,
): ServerTarget {
  return serverTarget({
    name: 'server:planted',
    about: 'a server with faults',
    form: lineForm(WORDS),
    seeds: () => Promise.resolve(SEEDS),
    limits,
    async begin() {
      const started = await programServer({
        name: 'planted',
        command: path,
        args: port => [String(port), ...faults],
        hello: { octets: encoded('NOOP\r\n'), answeredBy: octets => octets[0] === 0x32 },
        edges,
        ...(patience !== undefined && { patience }),
      })
      onStart?.(started)
      return started
    },
  })
}

/** The planted server as a subject. */
export async function plantedSubject(
  path: string,
  faults: readonly string[],
  options: PlantedOptions = {},
): Promise<ServerSubject & { readonly server: LiveServer }> {
  let server: LiveServer | undefined
  const target = plantedTarget(path, faults, options, started => {
    server = started
  })
  const subject = await target.start()
  // Its getters have to stay what they are.
  return Object.defineProperty(subject, 'server', { value: server }) as ServerSubject & { readonly server: LiveServer }
}

/** A session of these lines, sent at once. */
export function lines(...text: readonly string[]): Uint8Array {
  return arrivals(encoded(text.map(line => `${line}\r\n`).join('')))
}
