import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isInstalled, startZoneServer, zoneServers } from '../../suites/peers/zone-servers.ts'
import { Unreachable } from '../conformance/peer.ts'
import { askAll, findingsIn } from '../differential/judge.ts'
import { KnownDisagreementError, knower, parseKnownDisagreements } from '../differential/known.ts'
import { resultJson, resultText } from '../differential/report.ts'
import type { Result } from '../differential/run.ts'
import { runDifferential } from '../differential/run.ts'
import { smallZoneOf, zoneText } from '../dns/differential/small-zone.ts'
import { questionFromText, questionText } from '../dns/differential/zone-question.ts'
import type { ZoneSubject } from '../dns/differential/zone-subject.ts'
import { ownSubject, serverSubject } from '../dns/differential/zone-subject.ts'
import { dnsDifferential, type SmallZone, type ZoneQuestion } from '../dns/differential.ts'
import { TextError } from '../dns/tokens.ts'
import { writeWhole } from '../report/latest.ts'
import { usable } from './grade.ts'
import { interruption } from './interruption.ts'
import { didYouMean } from './nearest.ts'
import type { Command, Given } from './options.ts'
import { UsageError } from './options.ts'
import { Progress } from './progress.ts'
import { err, labelled, out } from './terminal.ts'
import { readZone } from './zone-file.ts'

const OURS = 'wiregrade'
const ZONES = 250
const KNOWN = fileURLToPath(new URL('../../suites/dns/differential-known.json', import.meta.url))

export const diff: Command = {
  name: 'diff',
  usage: 'dns [options]',
  about: 'Asks several servers the same, and names each disagreement.',
  more: [
    'Small zones are made up and loaded into each server; whoever answers otherwise than the others may be wrong. Each disagreement is told once, with the smallest zone and question that show it.',
    'What is known to differ, and why, is in suites/dns/differential-known.json.',
  ],
  options: {
    with: { value: 'NAMES', about: `Of ${[...zoneServers, OURS].join(', ')}; all that are installed unless said.` },
    seed: { value: 'N', about: 'Make up the same zones again.' },
    zones: { value: 'N', about: `How many zones; ${ZONES} unless said.` },
    time: { value: 'SECONDS', about: 'Go on for so long, however many zones.' },
    'zone-file': { value: 'FILE', about: 'Ask about this zone, a master file, and make up none.' },
    query: { value: "'NAME TYPE'", many: true, about: "Ask this about the zone: 'a.b A', or 'a.b A do' with DO set." },
    known: { value: 'FILE', about: 'What is known, instead.' },
    all: { about: 'Tell what is known too.' },
    json: { value: 'FILE', about: 'Write the result as JSON; - is standard output.' },
    out: { value: 'DIR', about: 'Where to write zones that are disagreed about, instead of reports/latest/diff.' },
  },
  words: [1, 1],
  examples: [
    ['diff dns', 'all that are installed'],
    ['diff dns --with bind9,knot --time 60 --seed 7', 'two of them for a minute'],
    ["diff dns --zone-file my.zone --query 'www A'", 'one question about a zone'],
  ],
  async run(given) {
    const [protocol = ''] = given.words
    if (protocol !== 'dns')
      throw new UsageError(`diff: nothing differs in '${protocol}'${didYouMean(protocol, ['dns'])}`)
    if (given.has('query') && !given.has('zone-file')) throw new UsageError('diff: --query is about a --zone-file')
    const subjects = subjectsFor(given)
    const known = readKnown(given.text('known') ?? KNOWN)
    const began = performance.now()
    const progress = new Progress()
    const interrupted = interruption(progress)
    try {
      const result = given.has('zone-file')
        ? await replay(given, subjects, known)
        : await search(given, subjects, known, progress, interrupted.signal, began)
      await tell(given, result)
      if (interrupted.signal.aborted) return 130
      return result.findings.some(found => found.known === undefined) ? 1 : 0
    } catch (thrown) {
      if (thrown instanceof Unreachable) throw new UsageError(`no peer: ${thrown.message.replace(/\s*\n\s*/g, '; ')}`)
      throw thrown
    } finally {
      interrupted.done()
    }
  },
}

type DnsResult = Result<SmallZone, ZoneQuestion>
type Known = ReturnType<typeof readKnown>

function subjectsFor(given: Given): ZoneSubject[] {
  const all = [...zoneServers, OURS]
  const named = given.text('with')?.split(',').filter(Boolean)
  for (const name of named ?? []) {
    if (!all.includes(name)) throw new UsageError(`diff: no server '${name}' takes zones${didYouMean(name, all)}`)
    if (name !== OURS && !isInstalled(name)) throw new UsageError(`diff: ${name} is not installed (scripts/peers)`)
  }
  const chosen = [...new Set(named ?? all.filter(name => name === OURS || isInstalled(name)))]
  if (chosen.length < 2) throw new UsageError('diff: it takes two to disagree (--with, scripts/peers)')
  return chosen.map(name =>
    name === OURS ? ownSubject(name) : serverSubject(name, zones => startZoneServer(name, zones)),
  )
}

function readKnown(file: string) {
  try {
    return parseKnownDisagreements(readFileSync(file, 'utf8'), file)
  } catch (thrown) {
    if (thrown instanceof KnownDisagreementError) throw new UsageError(thrown.message)
    throw new UsageError(`the known file cannot be read: ${(thrown as Error).message}`)
  }
}

async function search(
  given: Given,
  subjects: readonly ZoneSubject[],
  known: Known,
  progress: Progress,
  signal: AbortSignal,
  began: number,
): Promise<DnsResult> {
  const seconds = given.count('time', { least: 1, most: 1_000_000 })
  const most = seconds === undefined ? ZONES : Number.MAX_SAFE_INTEGER
  const scenes = given.count('zones', { least: 1, most: 1_000_000_000 }) ?? most
  const seed = given.count('seed', { least: 0, most: 0x7fffffff }) ?? Date.now() % 1_000_000
  const name = subjects.map(subject => subject.name).join(', ')
  const elapsed = (): number => (performance.now() - began) / 1000
  try {
    return await runDifferential(dnsDifferential, subjects, {
      seed,
      scenes,
      known,
      stopped: () => signal.aborted || (seconds !== undefined && elapsed() > seconds),
      progress: ({ scenes: zones, fresh: failed }) => {
        const far = seconds === undefined ? [zones, scenes] : [Math.floor(elapsed()), seconds]
        progress.update(name, { done: far[0] as number, total: far[1] as number, failed })
      },
    })
  } finally {
    progress.clear()
  }
}

/** One zone, as it is: what each says to the questions that are given is told whether they agree or not. */
async function replay(given: Given, subjects: readonly ZoneSubject[], known: Known): Promise<DnsResult> {
  const scene = smallZoneOf(readZone(given.text('zone-file') ?? ''))
  const asked = given.all('query').map(asQuestion)
  const questions = asked.length > 0 ? asked : dnsDifferential.questions(scene)
  const trials = [{ scene, questions }]
  const replies = await askAll(subjects, trials)
  const findings = findingsIn(dnsDifferential, trials, replies).flat().map(knower(known))
  for (const [i, question] of asked.entries()) {
    if (findings.some(found => found.question === question)) continue
    out.line(`? ${questionText(question)}: they agree`)
    for (const [subject, [reply]] of replies) {
      const answer = reply && 'answers' in reply ? reply.answers[i] : undefined
      const text = answer === undefined ? 'does not take the zone' : dnsDifferential.answerText(answer)
      for (const line of labelled(subject, text, 12, out.width)) out.line(line)
    }
  }
  const names = subjects.map(({ name }) => name)
  return { differential: 'dns', subjects: names, seed: 0, scenes: 1, questions: questions.length, findings }
}

function asQuestion(text: string): ZoneQuestion {
  try {
    return questionFromText(text)
  } catch (thrown) {
    if (thrown instanceof TextError) throw new UsageError(`diff: --query: ${thrown.message}`)
    throw thrown
  }
}

async function tell(given: Given, result: DnsResult): Promise<void> {
  const file = given.text('json')
  const told = file === '-' ? err : out
  const all = given.has('all')
  const replays = given.has('zone-file') ? [] : await writeZones(given, result, all)
  told.raw(resultText(dnsDifferential, result, { columns: told.width, known: all, replay: index => replays[index] }))
  if (file === undefined) return
  const json = `${JSON.stringify(resultJson(dnsDifferential, result), undefined, 2)}\n`
  if (file === '-') out.raw(json)
  else await usable(() => writeWhole(file, json))
}

/** Writes the zone of each disagreement that is told; answers the commands that show each again. */
async function writeZones(
  given: Given,
  { findings, subjects }: DnsResult,
  all: boolean,
): Promise<(string | undefined)[]> {
  const folder = given.text('out') ?? join('reports', 'latest', 'diff')
  const commands: (string | undefined)[] = []
  for (const [i, { scene, question, known, id }] of findings.entries()) {
    commands.push(undefined)
    if (known !== undefined && !all) continue
    const file = join(folder, `${i + 1}.zone`)
    const asked = question === undefined ? '' : ` --query '${questionText(question)}'`
    await usable(() => writeWhole(file, `; ${id}${asked}\n${zoneText(scene, 'zone.test.')}`))
    commands[i] = `wiregrade diff dns --with ${subjects.join(',')} --zone-file ${file}${asked}`
  }
  return commands
}
