import type { Level } from '../conformance/rule.ts'
import type { Outcome, Report, RuleState, Tally, TranscriptEntry, Verdict } from '../conformance/verdict.ts'
import { SAMPLES, type Sample } from './samples.fixture.ts'

/** What came of a case, where it did not pass. */
export type Found = readonly [outcome: Outcome, came?: string, known?: string]

/** A report of the samples, in which everything passes but what is named. */
export function report(
  name: string,
  address: string,
  found: Readonly<Record<string, Found>>,
  grade: Pick<Report['grade'], 'letter' | 'good' | 'because'>,
): Report {
  const verdicts = SAMPLES.map((sample, i) => verdict(sample, found[sample[1]] ?? ['pass'], i))
  const totals = { pass: 0, weak: 0, fail: 0, unsupported: 0, limit: 0, unstable: 0, crash: 0, error: 0, skipped: 0 }
  for (const { outcome } of verdicts) totals[outcome]++
  return {
    $schema: 'urn:wiregrade:report:1',
    tool: { name: 'wiregrade', version: '0.1.0' },
    subject: { name, address, role: 'server' },
    protocol: 'http2',
    started: '2025-03-04T05:06:07.089Z',
    milliseconds: 1523.25,
    options: { concurrency: 8, patience: 1000, repeat: 1 },
    grade: { ...grade, must: tally(verdicts, 'MUST'), should: tally(verdicts, 'SHOULD'), may: tally(verdicts, 'MAY') },
    totals,
    rules: rules(),
    specifications: {
      rfc9113: { title: 'RFC 9113', sections: 'https://www.rfc-editor.org/rfc/rfc9113#section-' },
      rfc7541: { title: 'RFC 7541', sections: 'https://www.rfc-editor.org/rfc/rfc7541#section-' },
    },
    verdicts,
    stale: Object.keys(found).includes('rst-idle')
      ? [
          { id: 'rfc9113/6.7/ping-answered/a-ping-comes-in-the-middle-of-a-request', why: 'it passes now' },
          { id: 'rfc9113/6.6/push/gone', why: 'there is no such case' },
        ]
      : [],
  }
}

function tally(verdicts: readonly Verdict[], level: Level): Tally {
  const judged = verdicts.filter(v => v.level === level && /^(pass|weak|fail|crash|unstable)$/.test(v.outcome))
  return { passed: judged.filter(v => v.outcome === 'pass').length, judged: judged.length }
}

function verdict(sample: Sample, [outcome, came, known]: Found, index: number): Verdict {
  const [section, name, level, suite, text, when, expected] = sample
  const spec = name === 'decoding-error' ? 'rfc7541' : 'rfc9113'
  const rule = `${spec}/${section}/${name}`
  return {
    id: `${rule}/${when
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')}`,
    protocol: 'http2',
    role: 'server',
    suite,
    rule,
    level,
    spec,
    section,
    text,
    when,
    outcome,
    expected,
    came: came ?? expected,
    ...(known === undefined ? {} : { known }),
    ...(outcome === 'fail' ? { commands: ["dig @127.0.0.1 -t A -q 'a<b'"] } : {}),
    ...(outcome === 'unstable' ? { repeats: ['pass', 'fail', 'pass'] as const } : {}),
    milliseconds: 1.25 + index * 0.5,
    transcript: outcome === 'skipped' || outcome === 'error' ? [] : transcript(came ?? expected),
    ...(outcome === 'fail' ? { capture: `${name}.pcapng` } : {}),
  }
}

const PREFACE = '505249202a20485454502f322e300d0a0d0a534d0d0a0d0a'

function transcript(came: string): readonly TranscriptEntry[] {
  return [
    {
      at: 0.41,
      from: 'tester',
      hex: `${PREFACE}000006040000000000000400010000`,
      octets: 39,
      decoded: ['the client connection preface', 'SETTINGS INITIAL_WINDOW_SIZE 65536'],
    },
    {
      at: 0.98,
      from: 'subject',
      hex: '00001204000000000000030000008000040001000000050000400000000408000000000000010000',
      octets: 40,
      decoded: [
        'SETTINGS MAX_CONCURRENT_STREAMS 128, INITIAL_WINDOW_SIZE 65536, MAX_FRAME_SIZE 16384',
        'WINDOW_UPDATE 65536',
      ],
    },
    {
      at: 1.02,
      from: 'tester',
      hex: '000000040100000000',
      octets: 9,
      decoded: ['SETTINGS ACK'],
    },
    {
      at: 1.37,
      from: 'tester',
      hex: '00000e0105000000018286418a089d5c0b8170dc780f0384',
      octets: 23,
      decoded: [
        'HEADERS stream 1 END_STREAM END_HEADERS',
        '  :method GET',
        '  :scheme http',
        '  :authority 127.0.0.1:21014',
        '  :path /',
      ],
    },
    {
      at: 2.2,
      from: 'subject',
      hex: '00'.repeat(4096),
      octets: 5000,
      decoded: [
        'HEADERS stream 1 END_HEADERS',
        '  :status 200',
        `  server ${came.slice(0, 400)}`,
        'DATA stream 1, 4,960 octets',
      ],
    },
    { at: 2.61, from: 'subject', hex: '', octets: 0, decoded: ['the end of the connection'] },
  ]
}

function rules(): readonly RuleState[] {
  const names = new Map(SAMPLES.map(sample => [sample[1], sample]))
  const tested = [...names.values()].map(([section, name, level, , text]): RuleState => {
    const spec = name === 'decoding-error' ? 'rfc7541' : 'rfc9113'
    return {
      id: `${spec}/${section}/${name}`,
      spec,
      section,
      level,
      role: 'server',
      state: 'tested',
      text,
      roles: { server: 'tested' },
      cases: 1,
    }
  })
  const hidden: RuleState = {
    id: 'rfc9113/10.8/no-secrets-in-padding',
    spec: 'rfc9113',
    section: '10.8',
    level: 'SHOULD',
    role: 'both',
    state: 'unobservable',
    reason: 'it concerns what an implementation reasons about, and leaves no trace',
    text: 'Padding is not relied upon to hide lengths.',
    roles: { server: 'unobservable', client: 'unobservable' },
    cases: 0,
  }
  const missing: RuleState = {
    id: 'rfc9113/6.5/timely-ack',
    spec: 'rfc9113',
    section: '6.5',
    level: 'MAY',
    role: 'both',
    state: 'missing',
    text: 'Settings that stay unacknowledged may be answered with SETTINGS_TIMEOUT.',
    roles: { server: 'missing', client: 'tested' },
    cases: 0,
  }
  return [...tested, hidden, missing]
}
