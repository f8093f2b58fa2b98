import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { protocols, peers as recipes } from '../catalog.ts'
import type { Report } from '../conformance/verdict.ts'
import { wrap } from '../report/columns.ts'
import { writeReports, writeWhole } from '../report/latest.ts'
import { matrix } from '../report/matrix.ts'
import { conclusion, table } from '../report/terminal.ts'
import { SCHEMES, schemeNames } from '../schemes.ts'
import { RUN_OPTIONS, runOptions, status, usable } from './grade.ts'
import { interruption } from './interruption.ts'
import { didYouMean } from './nearest.ts'
import type { Command, Given } from './options.ts'
import { UsageError } from './options.ts'
import { ourselves } from './ourselves.ts'
import { packageRoot } from './package.ts'
import type { Graded, Subject } from './peer-list.ts'
import { found, gradeSubject } from './peer-list.ts'
import { Progress } from './progress.ts'
import { err, out } from './terminal.ts'

export const peers: Command = {
  name: 'peers',
  usage: '[options]',
  about: 'Starts the real peers found on this machine, grades them, and stops them.',
  more: [
    'Several are graded at a time, each in the protocols that it speaks. The matrix of all of them, reports/README.md, is written anew unless only some are graded; what each found goes to reports/latest/.',
    'scripts/peers installs peers (Debian packages).',
  ],
  options: {
    only: { value: 'NAME', many: true, about: 'Only this peer (wiregrade list peers).' },
    protocol: { value: 'NAME', about: `Only those that speak it: ${Object.keys(protocols).join(', ')}.` },
    role: { value: 'ROLE', about: 'Only a server, a client, or all, which is usual.' },
    cases: { value: 'GLOB', about: RUN_OPTIONS.only.about },
    repeat: RUN_OPTIONS.repeat,
    concurrency: RUN_OPTIONS.concurrency,
    patience: RUN_OPTIONS.patience,
    tls: { about: 'Over TLS, where a peer offers that; without it unless said.' },
    scheme: { value: 'NAME', about: `Only by this scheme: ${schemeNames().join(', ')}.` },
    'known-dir': { value: 'DIR', about: 'Known files, one a peer, instead of suites/peers/known.' },
    latest: { about: 'Grade our own server too, and leave the matrix as it is.' },
    out: { value: 'DIR', about: 'Where to write, instead of reports.' },
  },
  words: [0, 0],
  examples: [
    ['peers', 'all that are installed'],
    ['peers --only nginx --only nghttpd', 'two of them'],
    ['peers --protocol dns --role server', 'all servers of DNS'],
    ['peers --latest', 'what npm start does'],
  ],
  async run(given) {
    const began = performance.now()
    const protocol = protocolIn(given)
    const { present, absent } = await found(chosen(given, protocol), protocol)
    if (absent.length > 0) {
      const names = absent.map(({ name }) => name).join(', ')
      for (const line of wrap(`not installed: ${names} (scripts/peers installs them)`, out.width, '', '  ')) {
        out.line(out.paint('dim', line))
      }
    }
    const own = given.has('latest') ? ourselves(protocol) : []
    if (own.length + present.length === 0) throw new UsageError('peers: none of these is installed; try scripts/peers')
    if (own.length > 0 && present.length === 0) out.line('no real peer is installed: only our own server is graded')
    const { graded, interrupted } = await gradeAll(own, present, given)
    const reports = graded.flatMap(({ report }) => report ?? [])
    if (reports.length > 0) {
      const groups = byProtocol(reports)
      for (const [name, each] of groups) {
        out.line()
        if (groups.length > 1) out.line(out.paint('bold', titleOf(name)))
        out.raw(table(each, { colour: out.colour, columns: out.width }))
      }
      out.line(`${conclusion(reports)}; ${((performance.now() - began) / 1000).toFixed(1)} s`)
      await write(given, reports, interrupted)
    }
    if (interrupted) return 130
    return reports.length === graded.length && reports.every(report => status(report) === 0) ? 0 : 1
  },
}

type Recipe = (typeof recipes)[string]

/** The one protocol that is asked for, by its name or by a scheme. */
function protocolIn(given: Given): string | undefined {
  const protocol = given.choice('protocol', Object.keys(protocols))
  const scheme = given.choice('scheme', schemeNames())
  if (scheme === undefined) return protocol
  const spoken: string = SCHEMES[scheme].protocol
  if ((protocol ?? spoken) !== spoken)
    throw new UsageError(`peers: ${scheme} is a scheme of ${spoken}, not of ${protocol}`)
  return spoken
}

/** Reports of the same protocol together, in the order of the catalogue. */
function byProtocol(reports: readonly Report[]): [protocol: string, reports: Report[]][] {
  return Object.keys(protocols)
    .map((name): [string, Report[]] => [name, reports.filter(({ protocol }) => protocol === name)])
    .filter(([, group]) => group.length > 0)
}

function chosen(given: Given, protocol: string | undefined): Recipe[] {
  const role = given.choice('role', ['server', 'client', 'all']) ?? 'all'
  const names = given.all('only')
  for (const name of names) {
    if (!Object.hasOwn(recipes, name)) {
      throw new UsageError(`peers: no peer '${name}'${didYouMean(name, Object.keys(recipes))} (wiregrade list peers)`)
    }
  }
  const scheme = given.choice('scheme', schemeNames())
  return Object.values(recipes).filter(
    recipe =>
      (role === 'all' || recipe.role === role) &&
      (names.length === 0 || names.includes(recipe.name)) &&
      (protocol === undefined || recipe.protocols.includes(protocol)) &&
      (scheme === undefined || recipe.offers.includes(scheme)),
  )
}

/** Grades our own first, each alone on the machine's cores; then the others, some side by side. */
async function gradeAll(
  own: readonly Subject[],
  others: readonly Subject[],
  given: Given,
): Promise<{ readonly graded: readonly Graded[]; readonly interrupted: boolean }> {
  const progress = new Progress()
  const stopped = interruption(progress)
  const only = given.text('cases')
  const knownFolder = given.text('known-dir')
  const scheme = given.choice('scheme', schemeNames())
  const options = {
    ...runOptions(given, 'cases'),
    ...(only !== undefined && { only }),
    ...(knownFolder !== undefined && { knownFolder }),
    ...(given.has('tls') && { tls: true }),
    ...(scheme && { scheme }),
    signal: stopped.signal,
  }
  const graded: Graded[] = []

  async function lanes(subjects: readonly Subject[], count: number): Promise<void> {
    const waiting = [...subjects]
    async function lane(): Promise<void> {
      for (let subject = waiting.shift(); subject && !stopped.signal.aborted; subject = waiting.shift()) {
        const one = await gradeSubject(subject, options, progress)
        graded.push(one)
        progress.clear()
        out.line(told(one))
      }
    }
    await Promise.all(Array.from({ length: Math.min(count, waiting.length) }, lane))
  }

  try {
    await lanes(own, own.length)
    await lanes(others, Math.max(2, availableParallelism()))
  } finally {
    stopped.done()
  }
  return { graded, interrupted: stopped.signal.aborted }
}

function told({ name, report, problem }: Graded): string {
  if (!report) return `${out.paint('red', '✗')} ${name}: ${problem ?? 'not graded'}`
  const { grade, milliseconds } = report
  const sign = grade.good ? out.paint('green', '✓') : out.paint('red', '✗')
  return `${sign} ${report.subject.name}: ${grade.letter}, ${grade.because} (${(milliseconds / 1000).toFixed(1)} s)`
}

async function write(given: Given, reports: readonly Report[], interrupted: boolean): Promise<void> {
  const folder = given.text('out') ?? defaultFolder()
  const whole = ['only', 'cases', 'role', 'protocol', 'scheme'].every(option => !given.has(option))
  await usable(async () => {
    const written = await writeReports(join(folder, 'latest'), reports)
    const refresh = !given.has('latest') && !interrupted && (whole || given.has('out'))
    if (refresh) {
      const readme = join(folder, 'README.md')
      await writeWhole(readme, `${PREAMBLE}\n${matrix(reports, titleOf)}`)
      out.line(`wrote ${readme}`)
    } else if (!given.has('latest')) err.line('the matrix is left as it is: not all peers were graded')
    out.line(`\n${written.html}`)
  })
}

function titleOf(protocol: string): string {
  return protocols[protocol]?.title ?? protocol
}

const PREAMBLE = `# Real peers, graded

Each was started with a configuration of our own (\`suites/peers/\`), graded on loopback and stopped. \`°\` marks what is
known, with its reason in \`suites/peers/known/\`. Written by \`npm run -s wiregrade -- peers\`; \`scripts/peers\` installs
them on Debian.
`

/** `reports` of the checkout, or of the folder that one is in. */
function defaultFolder(): string {
  return process.cwd() === packageRoot ? 'reports' : join(process.cwd(), 'reports')
}
