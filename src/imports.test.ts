import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

interface Import {
  readonly file: string
  /** A file from the root of the repository, or a package. */
  readonly target: string
  /** Erased when the code runs. */
  readonly typeOnly: boolean
}

/** What a file imports; the statements are found by their text, which is enough for code that is formatted alike. */
function importsOf(file: string): Import[] {
  const source = readFileSync(join(ROOT, file), 'utf8')
  const found: Import[] = []
  const statement = /^(?:import|export)\b(\s+type\b)?(?:[^'"`;]*?\bfrom)?\s*['"]([^'"]+)['"]/gm
  for (const [, type, specifier] of source.matchAll(statement)) add(specifier, type !== undefined)
  for (const [, specifier] of source.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)) add(specifier, false)
  return found

  function add(specifier: string | undefined, typeOnly: boolean): void {
    if (specifier === undefined) return
    const target = specifier.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), specifier)) : specifier
    found.push({ file, target, typeOnly })
  }
}

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => `${folder}/${name}`)
}

const all = [...filesUnder('src'), ...filesUnder('suites')]
const code = all.filter(file => !file.endsWith('.test.ts'))
const imports = code.flatMap(importsOf)

/** What a file belongs to: `wire`, `http2`, `suites`, `cli`, or its own name where it stands alone in `src`. */
function area(path: string): string {
  const [top = '', second = ''] = path.split('/')
  if (top === 'suites') return second === 'peers' ? 'peers' : 'suites'
  return top === 'src' ? second : 'packages'
}

const KERNEL = ['conformance', 'differential', 'fuzz', 'report']
const COMPOSITION = ['catalog.ts', 'cli', 'index.ts']
const VECTORS = ['vectors.ts', 'vector-file.ts']
const PROTOCOLS = [...new Set(code.map(area))].filter(
  name =>
    !['wire', 'machine.ts', 'schemes.ts', 'io', 'suites', 'peers', ...VECTORS, ...KERNEL, ...COMPOSITION].includes(
      name,
    ),
)

/** What each area may import besides itself and packages. */
function mayImport(from: string): readonly string[] {
  if (from === 'wire' || from === 'machine.ts') return []
  // How what is spoken is called in URLs.
  if (from === 'schemes.ts') return ['machine.ts']
  if (from === 'conformance') return ['wire', 'machine.ts']
  if (from === 'differential') return ['wire', 'machine.ts', 'conformance', 'report']
  if (KERNEL.includes(from)) return ['wire', 'machine.ts', 'conformance']
  if (from === 'io') return ['wire', 'machine.ts', 'conformance']
  if (VECTORS.includes(from)) return ['wire', ...VECTORS]
  if (from === 'hpack') return ['wire', 'machine.ts', 'conformance']
  // DNS over HTTPS is HTTP/2 that carries messages. RFC 8484
  if (from === 'dns') return ['wire', 'machine.ts', 'conformance', 'differential', 'hpack', 'http2']
  if (PROTOCOLS.includes(from)) return ['wire', 'machine.ts', 'conformance', 'hpack']
  if (from === 'suites') return ['wire', 'machine.ts', 'conformance', ...PROTOCOLS]
  if (from === 'peers') return ['wire', 'machine.ts', 'schemes.ts', 'conformance', 'io', ...PROTOCOLS]
  return [
    'wire',
    'machine.ts',
    'schemes.ts',
    'io',
    'suites',
    'peers',
    ...PROTOCOLS,
    ...VECTORS,
    ...KERNEL,
    ...COMPOSITION,
  ]
}

function breaches(wrong: (entry: Import) => boolean): string[] {
  return imports.filter(wrong).map(({ file, target }) => `${file} imports ${target}`)
}

describe('imports point one way', () => {
  it('finds the code', () => {
    expect(PROTOCOLS).toEqual(expect.arrayContaining(['hpack', 'http2']))
    expect(imports.length).toBeGreaterThan(100)
  })

  it('wire <- protocol <- suites; the kernel imports no protocol', () => {
    const wrong = breaches(({ file, target }) => {
      const [from, to] = [area(file), area(target)]
      return to !== 'packages' && to !== from && !mayImport(from).includes(to)
    })
    expect(wrong).toEqual([])
  })

  it('only src/io opens sockets', () => {
    const sockets = /^((node:)?(net|tls|dgram|http|https|http2)|ioredis|bullmq)$/
    // A recipe of a peer written with Node's own modules is a program that we start, not code that we run.
    const wrong = breaches(
      ({ file, target, typeOnly }) => sockets.test(target) && !typeOnly && !/^(src\/io|suites\/peers)\//.test(file),
    )
    expect(wrong).toEqual([])
  })

  it('protocols and the kernel of cases run without Node, but for comparing values', () => {
    const pure = ['wire', 'machine.ts', 'conformance', ...PROTOCOLS]
    // The zone that our own server has is a file that other servers can load too.
    const zone = (file: string) => file === 'src/dns/example-zone.ts'
    expect(
      breaches(({ file, target }) => pure.includes(area(file)) && !zone(file) && /^node:(?!util$)/.test(target)),
    ).toEqual([])
  })

  it('imports no package at run time but the declared ones', () => {
    // Those of peers are loaded by what wants them, and missed with a word of what to install.
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>
      peerDependencies: Record<string, string>
    }
    const declared = { ...dependencies, ...peerDependencies }
    const wrong = breaches(
      ({ target, typeOnly }) =>
        !typeOnly && area(target) === 'packages' && !target.startsWith('node:') && !(target in declared),
    )
    expect(wrong).toEqual([])
  })

  it('keeps time and chance out of everything but io, cli, report and campaigns', () => {
    const impure = /\bMath\.random\b|\bDate\.now\b|\bsetTimeout\b|\bsetInterval\b|\bperformance\.now\b/
    const wrong = code.filter(
      file =>
        !/^(src\/(io|cli|report|fuzz\/(campaign|night|queue))|suites\/peers)\//.test(file) &&
        impure.test(withoutComments(file)),
    )
    expect(wrong).toEqual([])
  })
})

function withoutComments(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
}
