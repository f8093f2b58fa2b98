// Packs wiregrade, installs the tarball into an empty folder, and uses it from there as a stranger would.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const empty = mkdtempSync(join(tmpdir(), 'wiregrade-package-'))
let server

function run(command, args, cwd = empty) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 120_000 })
}

function check(what, good) {
  if (!good) throw new Error(`the package is not as it should be: ${what}`)
  console.log(`good: ${what}`)
}

/** Serves a protocol, has the server graded by the command and by the library, and stops it. */
async function tryServing(protocol) {
  // Not through npx, so that the signal reaches the server itself.
  const bin = join(empty, 'node_modules/.bin/wiregrade')
  server = spawn(bin, ['serve', protocol], { cwd: empty, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise(resolve => server.once('exit', (code, signal) => resolve(signal ?? code)))
  const lines = createInterface({ input: server.stdout })
  const url = await new Promise((resolve, reject) => {
    lines.once('line', line => resolve(/^listening on (\S+)/.exec(line)?.[1]))
    lines.once('close', () => reject(new Error('the server ended before it listened')))
  })
  check(`it serves at ${url}`, url !== undefined)
  run('npx', ['--no-install', 'wiregrade', 'grade', url, '--json', 'report.json', '--html', 'report.html'])
  const report = JSON.parse(readFileSync(join(empty, 'report.json'), 'utf8'))
  check(`it grades itself ${report.grade.letter}: ${report.verdicts.length} verdicts`, report.grade.good)

  const some = { http2: 'rfc9113/6.7', dns: 'rfc6891/*' }[protocol]
  writeFileSync(
    join(empty, 'use.mjs'),
    `import { gradeServer } from 'wiregrade'
     const report = await gradeServer({ url: ${JSON.stringify(url)}, only: ${JSON.stringify(some)} })
     console.log(report.verdicts.length, report.grade.good)`,
  )
  const used = run('node', ['use.mjs']).trim()
  check(`as a library: ${used}`, /^[1-9]\d* true$/.test(used))
  server.kill('SIGTERM')
  check('it ends with status 0 on SIGTERM', (await ended) === 0)
}

try {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', empty, '--ignore-scripts'], root))
  console.log(`${packed.filename}: ${packed.entryCount} files, ${Math.round(packed.unpackedSize / 1024)} KiB`)
  const strays = packed.files
    .map(({ path }) => path)
    .filter(path => /\.(test|fixture)\.(?!zone$)|tsbuildinfo|\.log$/.test(path))
  check(`no tests in it (${strays.join(', ') || 'none'})`, strays.length === 0)

  writeFileSync(join(empty, 'package.json'), '{"name":"empty","private":true,"type":"module"}')
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', join(empty, packed.filename)])
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  check('npx wiregrade --version', run('npx', ['--no-install', 'wiregrade', '--version']).trim() === version)
  const cases = JSON.parse(run('npx', ['--no-install', 'wiregrade', 'list', 'cases', '--json']))
  check(`${cases.length} cases are listed`, cases.length > 0)
  run('npx', ['--no-install', 'wiregrade', 'vectors'])
  check('its vectors are there and pass', true)

  for (const protocol of ['http2', 'dns']) await tryServing(protocol)
} catch (error) {
  // What a command printed tells more than where it was run from.
  console.error([error.message, error.stdout].filter(Boolean).join('\n').slice(0, 4000))
  process.exitCode = 1
} finally {
  server?.kill('SIGKILL')
  rmSync(empty, { recursive: true, force: true })
}
