import { codecs, peers, protocols, suites } from '../catalog.ts'
import { caseId } from '../conformance/case.ts'
import { coverage } from '../conformance/coverage.ts'
import type { RuleState } from '../conformance/verdict.ts'
import { wrap } from '../report/columns.ts'
import { listedServers, listedTargets } from './fuzz/targets.ts'
import { didYouMean } from './nearest.ts'
import type { Command, Given } from './options.ts'
import { UsageError } from './options.ts'
import { installed } from './peer-list.ts'
import { out, table } from './terminal.ts'

const KINDS = ['cases', 'rules', 'codecs', 'peers', 'suites', 'targets'] as const
type Kind = (typeof KINDS)[number]

export const list: Command = {
  name: 'list',
  usage: 'cases|rules|codecs|peers|suites|targets [--json]',
  about: 'Lists what there is: cases, rules, codecs, real peers, suites, targets of fuzz.',
  more: [
    'A rule is tested, unobservable (with the reason) or missing. A peer is listed with the version found on this machine.',
  ],
  options: {
    json: { about: 'Print a JSON array, for scripts.' },
    protocol: { value: 'NAME', about: `Only of this protocol: ${Object.keys(protocols).join(', ')}.` },
    role: { value: 'ROLE', about: 'Only where this role is under test: server or client.' },
    state: { value: 'STATE', about: 'Only rules in this state: tested, unobservable or missing.' },
  },
  words: [1, 1],
  examples: [
    ['list cases --protocol http2 --role client', 'what a client is tested for'],
    ['list rules --state unobservable', 'what nobody can see over the wire, and why'],
    ['list cases --json | jq -r .[].id', 'all ids, for a script'],
  ],
  async run(given) {
    const [typed = ''] = given.words
    const kind = KINDS.find(each => each === typed)
    if (kind === undefined) {
      throw new UsageError(`list: '${typed}' is none of ${KINDS.join(', ')}${didYouMean(typed, KINDS)}`)
    }
    const rows = await LISTS[kind](chosen(given))
    if (given.has('json')) out.line(JSON.stringify(kind === 'rules' ? rows.map(withReason) : rows, undefined, 2))
    else for (const line of SHOWN[kind](rows as never)) out.line(line)
    return 0
  },
}

/** The same keys for every rule, whatever its state. */
function withReason(row: object): object {
  return { reason: null, ...row }
}

interface Choice {
  readonly protocol?: string
  readonly role?: string
  readonly state?: string
}

function chosen(given: Given): Choice {
  const protocol = given.choice('protocol', Object.keys(protocols))
  const role = given.choice('role', ['server', 'client', 'proxy'])
  const state = given.choice('state', ['tested', 'unobservable', 'missing'])
  return { ...(protocol && { protocol }), ...(role && { role }), ...(state && { state }) }
}

/** A case as scripts see it. */
export interface ListedCase {
  readonly id: string
  readonly protocol: string
  readonly role: string
  readonly rule: string
  readonly level: string
  readonly section: string
  readonly when: string
}

function cases(choice: Choice): ListedCase[] {
  return suitesOf(choice).flatMap(({ protocol, role, cases: entries }) =>
    entries.map(entry => ({
      id: caseId(entry),
      protocol: protocol.name,
      role,
      rule: entry.rule.id,
      level: entry.rule.level,
      section: entry.rule.section,
      when: entry.when,
    })),
  )
}

function suitesOf({ protocol, role }: Choice): typeof suites {
  return suites.filter(
    suite =>
      (protocol === undefined || suite.protocol.name === protocol) && (role === undefined || suite.role === role),
  )
}

function rules({ protocol, role, state }: Choice): RuleState[] {
  return Object.values(protocols)
    .filter(({ name }) => protocol === undefined || name === protocol)
    .flatMap(({ name, rules: all }) =>
      coverage(
        all,
        suites.filter(suite => suite.protocol.name === name),
      ),
    )
    .filter(rule => role === undefined || rule.role === role || (rule.role === 'both' && role !== 'proxy'))
    .filter(rule => state === undefined || rule.state === state)
}

const LISTS = {
  cases,
  rules,
  codecs: () => Object.entries(codecs).map(([name, line]) => ({ name, about: line.about, stateful: 'fresh' in line })),
  peers: ({ protocol, role }: Choice) =>
    installed(
      Object.values(peers).filter(
        recipe =>
          (role === undefined || recipe.role === role) &&
          (protocol === undefined || recipe.protocols.includes(protocol)),
      ),
    ),
  suites: (choice: Choice) =>
    suitesOf(choice).map(({ protocol, role, title, cases: entries }) => ({
      protocol: protocol.name,
      role,
      title,
      cases: entries.length,
    })),
  targets: () => [...listedTargets(), ...listedServers()],
} satisfies Record<Kind, (choice: Choice) => readonly object[] | Promise<readonly object[]>>

type Rows<K extends Kind> = Awaited<ReturnType<(typeof LISTS)[K]>>

const SHOWN: { readonly [K in Kind]: (rows: Rows<K>) => string[] } = {
  cases(rows) {
    const lines: string[] = []
    let rule = ''
    for (const row of rows) {
      if (row.rule !== rule) {
        rule = row.rule
        if (lines.length > 0) lines.push('')
        lines.push(`${out.paint('bold', rule)}  ${row.level} · ${row.role}`)
      }
      lines.push(...wrap(row.when, out.width, '  '))
    }
    return [
      ...lines,
      '',
      `${rows.length} cases; wiregrade explain <case-id> tells more of one (id: rule/words-of-the-case)`,
    ]
  },
  rules(rows) {
    const lines = rows.flatMap(row => [
      `${out.paint('bold', row.id)}  ${row.level} · ${row.role} · ${shade(row.state)}`,
      ...wrap(row.text, out.width, '  '),
      ...(row.reason === undefined
        ? []
        : wrap(`Unobservable: ${row.reason}`, out.width, '  ').map(line => out.paint('dim', line))),
    ])
    const count = (state: string): number => rows.filter(row => row.state === state).length
    const sum = `${count('tested')} tested, ${count('unobservable')} unobservable, ${count('missing')} missing`
    return [...lines, '', `${rows.length} rules: ${sum}`]
  },
  codecs: rows =>
    table(
      ['codec', 'what it is'],
      rows.map(({ name, about }) => [name, about]),
      out.width,
    ),
  peers(rows) {
    const lines = table(
      ['peer', 'protocol', 'role', 'here', 'package'],
      rows.map(row => {
        return [row.name, row.protocols.join(', '), row.role, row.version ?? 'not installed', row.package ?? '']
      }),
      out.width,
    )
    return [...lines, '', 'scripts/peers installs those that are missing (Debian packages).']
  },
  suites: rows =>
    table(
      ['protocol', 'role', 'cases', 'suite'],
      rows.map(row => [row.protocol, row.role, String(row.cases), row.title]),
      out.width,
    ),
  targets: rows => [
    ...table(
      ['target', 'what it is'],
      rows.map(({ name, about }) => [name, about]),
      out.width,
    ),
    '',
    'module:FILE#EXPORT is any function of octets in JavaScript or TypeScript.',
    'property:FILE#EXPORT is any property of fast-check.',
    'diff:A,B... holds codecs and modules, or servers of one protocol, side by side.',
  ],
}

function shade(state: string): string {
  return state === 'missing' ? out.paint('red', state) : state === 'tested' ? out.paint('green', state) : state
}
