import { readFileSync } from 'node:fs'
import { protocols } from '../catalog.ts'
import { fallsShort } from '../conformance/grade.ts'
import type { Known } from '../conformance/known.ts'
import { KnownError, parseKnown } from '../conformance/known.ts'
import { PATIENCE } from '../conformance/run.ts'
import type { Report } from '../conformance/verdict.ts'
import { html } from '../report/html.ts'
import { jsonPieces } from '../report/json.ts'
import { junitPieces } from '../report/junit.ts'
import { Unwritable, writeWhole } from '../report/latest.ts'
import { markdown } from '../report/markdown.ts'
import { result } from '../report/terminal.ts'
import type { SchemeName } from '../schemes.ts'
import { SCHEMES, schemeNames, schemeOf } from '../schemes.ts'
import { serverAddress } from './address.ts'
import { allCases, casesMatching } from './cases.ts'
import type { ClientToGrade, GradeOptions, Opened, ServerToGrade } from './grading.ts'
import { gradePeer } from './grading.ts'
import { interruption } from './interruption.ts'
import { openClient, openServer } from './opening.ts'
import type { Command, Given, Options } from './options.ts'
import { headerField, UsageError } from './options.ts'
import { Progress } from './progress.ts'
import { err, out } from './terminal.ts'

/** The forms a report can be written in, by option. */
const FORMS: Readonly<Record<string, (report: Report) => Iterable<string>>> = {
  json: jsonPieces,
  junit: report => junitPieces([report]),
  html: report => [html([report])],
  md: report => [markdown([report])],
}

/** Options of every command that grades. */
export const RUN_OPTIONS = {
  only: { value: 'GLOB', about: "Only cases whose id matches, for example 'rfc9113/6.5/*'." },
  repeat: { value: 'N', about: 'Run each case so often; outcomes that differ are unstable.' },
  concurrency: { value: 'N', about: 'Cases side by side: 8 unless said, 1 for a client.' },
  patience: { value: 'MS', about: `How long silence lasts before it counts: ${PATIENCE}.` },
} satisfies Options

export const grade: Command = {
  name: 'grade',
  usage: '<url> [options]\n  wiregrade grade --role client --run COMMAND [options]',
  about: 'Grades a server at a URL, or a client that a command runs.',
  more: [
    `The scheme says what is graded: ${schemeNames()
      .map(name => `${name}:// ${SCHEMES[name].about}`)
      .join(', ')}.`,
    'A client is run once a case, with our address in place of {url}, or of {host} and {port}. Its scheme is https, with a certificate of our own, unless --scheme or --protocol says otherwise.',
    'A DNS server is asked for the zone that --zone FILE holds, or that the URL names (dns://127.0.0.1/example.org), else for example.test, as in suites/dns/zones.',
    'Grade only what is yours or what you may: cases send what no good peer would.',
  ],
  options: {
    role: { value: 'ROLE', about: 'Who is under test: server (unless said) or client.' },
    run: { value: 'COMMAND', about: 'The client, as a shell would run it; {url} is where it is to go.' },
    scheme: { value: 'NAME', about: `How the client speaks: ${schemeNames().join(', ')}.` },
    h2c: { about: 'The same as --scheme h2c: give the client http:// and expect prior knowledge.' },
    protocol: { value: 'NAME', about: `The protocol: ${Object.keys(protocols).join(', ')}.` },
    zone: { value: 'FILE', about: 'The zone file that a DNS server was given.' },
    ...RUN_OPTIONS,
    known: { value: 'FILE', about: 'What is known to fail, and why: a JSON array of {case, outcome, reason}.' },
    json: { value: 'FILE', about: 'Write the report as JSON; - for standard output.' },
    junit: { value: 'FILE', about: 'Write JUnit XML.' },
    html: { value: 'FILE', about: 'Write one self-contained page.' },
    md: { value: 'FILE', about: 'Write Markdown.' },
    pcap: { value: 'DIR', about: 'Write a capture of each case, for Wireshark.' },
    insecure: { about: 'Accept any certificate.' },
    aggressive: { about: 'Run floods though the server is not on this machine.' },
    header: { value: 'N:V', many: true, about: 'A field for every request.' },
    path: { value: '/P', about: 'What to ask for: /, or /dns-query for DNS, unless said.' },
    'large-path': { value: '/P', about: 'Something of 100 kB or more to ask for.' },
  },
  words: [0, 1],
  examples: [
    ['grade h2c://127.0.0.1:8080', 'HTTP/2 without TLS'],
    ['grade https://localhost:8443 --insecure --html report.html', 'HTTP/2 over TLS, with a page to read'],
    ["grade h2c://127.0.0.1:8080 --only 'rfc9113/6.5/*' --repeat 10", 'some cases, often'],
    ['grade https://example.org --json - | jq .grade', 'for a script'],
    ['grade dns://127.0.0.1:5300 --zone example.zone', 'DNS over UDP and TCP'],
    ['grade tls+dns://127.0.0.1:8853 --insecure', 'DNS over TLS'],
    ['grade --role client --run "curl -sk {url}"', 'a client'],
    ['grade --role client --scheme dns --run "dig @{host} -p {port}"', 'a client of DNS'],
  ],
  async run(given) {
    const role = given.choice('role', ['server', 'client']) ?? 'server'
    const options = gradeOptions(given)
    const to = role === 'client' ? client(given, options) : server(given, options)
    const scheme = 'url' in to ? serverAddress(to.url).scheme : to.scheme
    chooseCases(given, role, scheme)
    return await graded(given, 'url' in to ? await openServer(to) : await openClient(to), options)
  },
}

/** Throws `UsageError` where nothing would run. */
function chooseCases(given: Given, role: string, scheme: SchemeName): void {
  const { protocol, about } = schemeOf(scheme)
  const wanted = given.choice('protocol', Object.keys(protocols)) ?? protocol
  if (wanted !== protocol) throw new UsageError(`grade: ${scheme}:// is ${about}, not ${wanted}`)
  const among = allCases().filter(({ suite }) => suite.role === role && suite.protocol.name === protocol)
  if (among.length === 0) throw new UsageError(`grade: there are no cases yet for a ${role} of ${about}`)
  const only = given.text('only')
  if (only !== undefined) casesMatching('grade', only, among)
}

function server(given: Given, options: GradeOptions): ServerToGrade {
  const [url] = given.words
  if (url === undefined) throw new UsageError('grade: which URL? For example: wiregrade grade h2c://127.0.0.1:8080')
  for (const name of ['run', 'h2c', 'scheme']) {
    if (given.has(name)) throw new UsageError(`grade: --${name} is for --role client`)
  }
  const zone = given.text('zone')
  return { ...options, url, insecure: given.has('insecure'), ...(zone !== undefined && { zone }) }
}

function client(given: Given, options: GradeOptions): ClientToGrade & { readonly scheme: SchemeName } {
  const run = given.text('run')
  if (run === undefined) throw new UsageError('grade: a client wants --run, for example --run "curl -sk {url}"')
  if (given.words.length > 0)
    throw new UsageError(`grade: a client is given its URL by us; '${given.words[0]}' is too much`)
  if (given.has('zone')) throw new UsageError('grade: --zone is for a server')
  return { ...options, run, scheme: clientScheme(given) }
}

/** How a client speaks: as is said, or as most of its protocol do. */
function clientScheme(given: Given): SchemeName {
  const scheme = given.choice('scheme', schemeNames())
  if (given.has('h2c') && (scheme ?? 'h2c') !== 'h2c') throw new UsageError(`grade: --h2c is not --scheme ${scheme}`)
  if (scheme !== undefined || given.has('h2c')) return scheme ?? 'h2c'
  const protocol = given.choice('protocol', Object.keys(protocols))
  return protocol === 'dns' ? 'dns' : 'https'
}

/** Runs, reports, and answers the exit status. */
async function graded(given: Given, { protocol, peer, addressed }: Opened, options: GradeOptions): Promise<number> {
  const progress = new Progress()
  const interrupted = interruption(progress)
  let failed = 0
  try {
    const report = await gradePeer(protocol, peer, addressed, {
      ...options,
      signal: interrupted.signal,
      onVerdict(verdict, done, total) {
        if (fallsShort(verdict)) failed += 1
        progress.update(peer.name, { done, total, failed })
      },
    })
    progress.end(peer.name)
    await writeForms(given, report)
    return interrupted.signal.aborted ? 130 : status(report)
  } finally {
    interrupted.done()
    await peer.close()
  }
}

/** 0 when every MUST passes or is known; where only a SHOULD or MAY was chosen, they do not fail a grade. */
export function status(report: Report): number {
  if (report.grade.good) return 0
  const judged = report.verdicts.some(({ outcome }) => outcome !== 'error' && outcome !== 'skipped')
  return judged && report.verdicts.every(({ level }) => level !== 'MUST') ? 0 : 1
}

async function writeForms(given: Given, report: Report): Promise<void> {
  const forms = Object.entries(FORMS).filter(([name]) => given.has(name))
  const printed = forms.find(([name]) => given.text(name) === '-')
  // Standard output is the report's alone where a script reads it.
  const told = printed ? err : out
  told.raw(result(report, { colour: told.colour, columns: told.width }))
  if (printed) for (const piece of printed[1](report)) out.raw(piece)
  for (const [name, form] of forms) {
    const file = given.text(name)
    if (file === undefined || file === '-') continue
    await usable(() => writeWhole(file, form(report)))
    told.line(`${name === 'html' ? '\n' : ''}wrote ${file}`)
  }
}

/** Does what writes files; one that cannot be written is for the one who named it to mend. */
export async function usable(write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (thrown) {
    if (thrown instanceof Unwritable) throw new UsageError(thrown.message)
    throw thrown
  }
}

/** The options that all who grade understand. */
export function runOptions(given: Given, selection = 'only'): GradeOptions {
  const only = given.text(selection)
  const repeat = given.count('repeat', { least: 1, most: 1000 })
  const concurrency = given.count('concurrency', { least: 1, most: 256 })
  const patience = given.count('patience', { least: 10, most: 600_000 })
  return {
    ...(only !== undefined && { only }),
    ...(repeat !== undefined && { repeat }),
    ...(concurrency !== undefined && { concurrency }),
    ...(patience !== undefined && { patience }),
  }
}

function gradeOptions(given: Given): GradeOptions {
  const toOutput = Object.keys(FORMS).filter(name => given.text(name) === '-')
  if (toOutput.length > 1) throw new UsageError(`grade: --${toOutput.join(' and --')} cannot share standard output`)
  const known = given.text('known')
  const captures = given.text('pcap')
  const path = pathOf(given, 'path')
  const large = pathOf(given, 'large-path')
  return {
    ...runOptions(given),
    aggressive: given.has('aggressive'),
    headers: given.all('header').map(headerField),
    resources: { ...(path !== undefined && { path }), ...(large !== undefined && { large }) },
    ...(known !== undefined && { known: readKnown(known) }),
    ...(captures !== undefined && { captures }),
  }
}

function pathOf(given: Given, option: string): string | undefined {
  const path = given.text(option)
  if (path !== undefined && !path.startsWith('/')) {
    throw new UsageError(`grade: --${option} begins with a slash, unlike '${path}'`)
  }
  return path
}

/** Reads a known file; one that cannot be used is for the one who named it to mend. */
export function readKnown(file: string): readonly Known[] {
  try {
    return parseKnown(readFileSync(file, 'utf8'), file)
  } catch (thrown) {
    if (thrown instanceof KnownError) throw new UsageError(thrown.message)
    throw new UsageError(`the known file cannot be read: ${(thrown as Error).message}`)
  }
}
