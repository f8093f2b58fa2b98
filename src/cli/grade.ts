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
import { allCases, casesMatching } from './cases.ts'
import type { ClientToGrade, GradeOptions, Opened, ServerToGrade } from './grading.ts'
import { gradePeer, openClient, openServer } from './grading.ts'
import { interruption } from './interruption.ts'
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
    'The scheme says what is graded: h2c:// HTTP/2 with prior knowledge, https:// what ALPN offers (HTTP/2). A client is run once a case, with {url} replaced by our address: https with a certificate of our own, or http with --h2c.',
    'Grade only what is yours or what you may: cases send what no good peer would.',
  ],
  options: {
    role: { value: 'ROLE', about: 'Who is under test: server (unless said) or client.' },
    run: { value: 'COMMAND', about: 'The client, as a shell would run it; {url} is where it is to go.' },
    h2c: { about: 'Give the client http:// and expect prior knowledge.' },
    protocol: { value: 'NAME', about: `The protocol: ${Object.keys(protocols).join(', ')}.` },
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
    path: { value: '/P', about: 'What to ask for: / unless said.' },
    'large-path': { value: '/P', about: 'Something of 100 kB or more to ask for.' },
  },
  words: [0, 1],
  examples: [
    ['grade h2c://127.0.0.1:8080', 'HTTP/2 without TLS'],
    ['grade https://localhost:8443 --insecure --html report.html', 'HTTP/2 over TLS, with a page to read'],
    ["grade h2c://127.0.0.1:8080 --only 'rfc9113/6.5/*' --repeat 10", 'some cases, often'],
    ['grade https://example.org --json - | jq .grade', 'for a script'],
    ['grade --role client --run "curl -sk {url}"', 'a client'],
  ],
  async run(given) {
    const role = given.choice('role', ['server', 'client']) ?? 'server'
    const protocol = protocols[given.choice('protocol', Object.keys(protocols)) ?? 'http2']
    if (!protocol) throw new UsageError('grade: there is no protocol to grade')
    const options = gradeOptions(given)
    const only = given.text('only')
    if (only !== undefined)
      casesMatching(
        'grade',
        only,
        allCases().filter(({ suite }) => suite.role === role),
      )
    const opened =
      role === 'client' ? await openClient(client(given, options)) : await openServer(server(given, options))
    return await graded(given, opened, protocol, options)
  },
}

function server(given: Given, options: GradeOptions): ServerToGrade {
  const [url] = given.words
  if (url === undefined) throw new UsageError('grade: which URL? For example: wiregrade grade h2c://127.0.0.1:8080')
  for (const name of ['run', 'h2c']) {
    if (given.has(name)) throw new UsageError(`grade: --${name} is for --role client`)
  }
  return { ...options, url, insecure: given.has('insecure') }
}

function client(given: Given, options: GradeOptions): ClientToGrade {
  const run = given.text('run')
  if (run === undefined) throw new UsageError('grade: a client wants --run, for example --run "curl -sk {url}"')
  if (given.words.length > 0)
    throw new UsageError(`grade: a client is given its URL by us; '${given.words[0]}' is too much`)
  return { ...options, run, h2c: given.has('h2c') }
}

/** Runs, reports, and answers the exit status. */
async function graded(
  given: Given,
  { peer, addressed }: Opened,
  protocol: (typeof protocols)[string] & object,
  options: GradeOptions,
): Promise<number> {
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
