import { protocols } from '../catalog.ts'
import { caseId } from '../conformance/case.ts'
import { tryOut } from '../conformance/prove.ts'
import { honoursAll } from '../conformance/rule.ts'
import type { Verdict } from '../conformance/verdict.ts'
import { memoryPeer } from '../io/memory.ts'
import { wrap } from '../report/columns.ts'
import { toHex } from '../wire/hex.ts'
import type { Entry } from './cases.ts'
import { allCases, casesMatching } from './cases.ts'
import type { Command } from './options.ts'
import { UsageError } from './options.ts'
import { labelled, out } from './terminal.ts'

/** Lines of hex shown of one write. */
const HEX_LINES = 8
const MOST = 20
const INDENT = 10

export const explain: Command = {
  name: 'explain',
  usage: '<case-id> [--protocol NAME] [--role server|client] [--json]',
  about: 'Explains a case: its rule, the octets that go out, what is expected.',
  more: [
    'A glob or the end of an id will do. The octets are those of a run in memory against our own machine, which keeps every rule: what is sent may depend on what was seen.',
  ],
  options: {
    protocol: { value: 'NAME', about: `Only of this protocol: ${Object.keys(protocols).join(', ')}.` },
    role: { value: 'ROLE', about: 'Where a rule binds both: server or client.' },
    json: { about: 'Print it as JSON, with all octets in hex.' },
  },
  words: [1, 1],
  examples: [
    ['explain settings-ack-empty', 'the cases of a rule'],
    ["explain 'rfc9113/6.5/settings-ack-empty/*'", 'the same by a glob'],
  ],
  async run(given) {
    const [pattern = ''] = given.words
    const role = given.choice('role', ['server', 'client', 'proxy'])
    const protocol = given.choice('protocol', Object.keys(protocols))
    const among = allCases().filter(({ suite }) => (protocol ?? suite.protocol.name) === suite.protocol.name)
    const found = casesMatching('explain', pattern, among).filter(({ suite }) => (role ?? suite.role) === suite.role)
    if (found.length === 0) throw new UsageError(`explain: no case of '${pattern}' tests a ${role}`)
    if (found.length > MOST) {
      throw new UsageError(`explain: '${pattern}' means ${found.length} cases; at most ${MOST} are explained at once`)
    }
    const told = []
    for (const [at, entry] of found.entries()) {
      const { protocol: spoken, role: tested } = entry.suite
      const subject = spoken.subject(tested, honoursAll)
      const peer = memoryPeer(subject, tested, 'wiregrade', spoken.transports)
      const verdict = await tryOut(entry.suite, entry.entry, peer)
      if (given.has('json')) told.push(asData(entry, verdict))
      else {
        if (at > 0) out.line(out.paint('dim', '─'.repeat(out.width)))
        for (const line of asText(entry, verdict)) out.line(line)
      }
    }
    if (given.has('json')) out.line(JSON.stringify(told.length === 1 ? told[0] : told, undefined, 2))
    return 0
  },
}

function link({ suite, entry }: Entry): string {
  const specification = suite.protocol.specifications[entry.rule.spec]
  return specification === undefined ? '' : specification.sections + entry.rule.section
}

function steps({ suite, entry }: Entry): Entry['entry']['steps'] {
  return [...(entry.begin ?? suite.protocol.begin(suite.role)), ...entry.steps]
}

function asData(entry: Entry, verdict: Verdict): object {
  const { rule, when, needs, flood } = entry.entry
  return {
    id: caseId(entry.entry),
    protocol: entry.suite.protocol.name,
    role: entry.suite.role,
    suite: entry.suite.title,
    rule: { ...rule, link: link(entry) },
    when,
    needs: needs?.map(({ name }) => name) ?? [],
    flood: flood === true,
    steps: steps(entry).map(({ says, octets }) => ({ says, octets: octets && toHex(octets) })),
    expected: verdict.expected,
    commands: verdict.commands ?? [],
    transcript: verdict.transcript,
  }
}

function asText(entry: Entry, verdict: Verdict): string[] {
  const { rule, when, needs, flood } = entry.entry
  const { protocol, role, title } = entry.suite
  const specification = protocol.specifications[rule.spec]
  const about = (label: string, text: string): string[] => {
    const [first = '', ...more] = labelled(label, text, INDENT, out.width)
    return [out.paint('bold', label) + first.slice(label.length), ...more]
  }
  const lines = [
    ...wrap(entry.id, out.width).map(line => out.paint('cyan', line)),
    `${rule.level} · ${protocol.title} ${role} · ${title}`,
    '',
    ...about('Rule', rule.text),
    ...about('Why', `${specification?.title ?? rule.spec} §${rule.section}  ${link(entry)}`),
    ...about('When', when),
  ]
  if (needs && needs.length > 0) lines.push(...about('Needs', needs.map(({ name }) => name).join(', ')))
  if (flood) lines.push(...about('Flood', 'runs on loopback only, or with --aggressive'))
  lines.push('', out.paint('bold', 'Steps'))
  for (const [at, step] of steps(entry).entries()) {
    lines.push(...labelled(`${String(at + 1).padStart(3)}. `, step.says, 5, out.width))
  }
  lines.push('', ...about('Expected', verdict.expected))
  // Not wrapped: a command is there to be copied.
  if (verdict.commands) lines.push('', out.paint('bold', 'By hand'), ...verdict.commands.map(command => `  ${command}`))
  lines.push('', out.paint('bold', 'On the wire, against our own machine'))
  for (const { from, decoded, hex, octets } of verdict.transcript) {
    const arrow = from === 'tester' ? '→' : '←'
    const style = from === 'tester' ? 'green' : 'dim'
    for (const text of decoded)
      lines.push(
        ...wrap(text, out.width, '    ').map((line, i) =>
          out.paint(style, i === 0 ? `  ${arrow} ${line.trimStart()}` : line),
        ),
      )
    // What comes back is the machine's own affair; what goes out is the case.
    if (from === 'tester') lines.push(...hexLines(hex, octets).map(line => `      ${line}`))
  }
  return lines
}

function hexLines(hex: string, octets: number): string[] {
  const pairs = hex.match(/../g) ?? []
  const perLine = out.width >= 78 ? 16 : 8
  const lines: string[] = []
  for (let at = 0; at < pairs.length && lines.length < HEX_LINES; at += perLine) {
    lines.push(`${at.toString(16).padStart(4, '0')}  ${pairs.slice(at, at + perLine).join(' ')}`)
  }
  const shown = Math.min(pairs.length, HEX_LINES * perLine)
  if (shown < octets) lines.push(`… ${octets - shown} more octets (--json has them)`)
  return lines
}
