import type { Level } from '../conformance/rule.ts'
import type { Outcome, Report, RuleState, Tally, TranscriptEntry, Verdict } from '../conformance/verdict.ts'

/** Sample reports for tests: every outcome, and the strings that a hostile peer would choose. */

/** Markup, scripts, NUL, an emoji, right-to-left override, half a surrogate pair, a terminal escape, CDATA's end. */
export const NASTY =
  '</script><script>globalThis.hacked=1</script><img src=x onerror="globalThis.hacked=2">\u0000 🦊 \u202edesrever\u202c שלום \ud800 \u001b[31mred ]]> | `tick` @everyone "quoted" \u2028 &amp;'

const ATTRIBUTE_BREAKER = `" onmouseover="globalThis.hacked=3" x='`

type Sample = readonly [
  section: string,
  name: string,
  level: Level,
  suite: string,
  text: string,
  when: string,
  expected: string,
]

const SAMPLES: readonly Sample[] = [
  [
    '3.4',
    'preface-settings-first',
    'MUST',
    'Connection preface',
    'The first frame a server sends is a SETTINGS frame.',
    'the connection has just been opened',
    'a SETTINGS frame before any other',
  ],
  [
    '3.4',
    'invalid-preface',
    'MUST',
    'Connection preface',
    'An invalid connection preface is a connection error of type PROTOCOL_ERROR.',
    'the preface has one octet wrong',
    'a connection error of type PROTOCOL_ERROR',
  ],
  [
    '4.1',
    'ignore-unknown-types',
    'MUST',
    'Frames',
    'Frames of unknown type are ignored and discarded.',
    'a frame of type 0xfa comes before a request',
    'the response, status 200',
  ],
  [
    '4.1',
    'ignore-reserved-bit',
    'MUST',
    'Frames',
    'The reserved bit of a stream identifier is ignored.',
    'the reserved bit of HEADERS is set',
    'the response, status 200',
  ],
  [
    '4.2',
    'frame-size-limit',
    'MUST',
    'Frames',
    'A frame above SETTINGS_MAX_FRAME_SIZE is answered with FRAME_SIZE_ERROR.',
    'DATA carries 16,385 octets',
    'a stream error of type FRAME_SIZE_ERROR, or a connection error',
  ],
  [
    '4.3',
    'decoding-error',
    'MUST',
    'Field sections',
    'A field block that cannot be decompressed is a connection error of type COMPRESSION_ERROR.',
    'a field block refers to index 200',
    'a connection error of type COMPRESSION_ERROR',
  ],
  [
    '5.1',
    'idle-data',
    'MUST',
    'Stream states',
    'Anything but HEADERS or PRIORITY on an idle stream is a connection error of type PROTOCOL_ERROR.',
    'DATA comes on an idle stream',
    'a connection error of type PROTOCOL_ERROR',
  ],
  [
    '5.1',
    'half-closed-data',
    'MUST',
    'Stream states',
    'Frames on a half-closed (remote) stream are answered with STREAM_CLOSED.',
    'DATA follows END_STREAM',
    'a stream error of type STREAM_CLOSED',
  ],
  [
    '5.1.1',
    'even-stream-id',
    'MUST',
    'Stream states',
    'A client opens streams with odd identifiers only.',
    'a request comes on stream 2',
    'a connection error of type PROTOCOL_ERROR',
  ],
  [
    '5.1.2',
    'concurrent-streams',
    'MUST',
    'Stream concurrency',
    'A stream above SETTINGS_MAX_CONCURRENT_STREAMS is refused.',
    'one stream more than allowed is opened',
    'a stream error of type PROTOCOL_ERROR or REFUSED_STREAM',
  ],
  [
    '5.4.1',
    'goaway-before-close',
    'SHOULD',
    'Errors',
    'A GOAWAY frame precedes the close of a connection that failed.',
    'a PING carries seven octets',
    'GOAWAY FRAME_SIZE_ERROR, then the end of the connection',
  ],
  [
    '6.1',
    'data-padding',
    'MUST',
    'DATA',
    'Padding that is as long as the payload or longer is a connection error of type PROTOCOL_ERROR.',
    'the pad length is that of the payload',
    'a connection error of type PROTOCOL_ERROR',
  ],
  [
    '6.4',
    'rst-idle',
    'MUST',
    'RST_STREAM',
    'RST_STREAM on an idle stream is a connection error of type PROTOCOL_ERROR.',
    'RST_STREAM comes on an idle stream',
    'a connection error of type PROTOCOL_ERROR',
  ],
  [
    '6.5',
    'settings-ack-empty',
    'MUST',
    'SETTINGS',
    'A SETTINGS frame that acknowledges is empty.',
    'a SETTINGS ACK carries one octet',
    'a connection error of type FRAME_SIZE_ERROR',
  ],
  [
    '6.5.2',
    'enable-push-value',
    'MUST',
    'SETTINGS',
    'SETTINGS_ENABLE_PUSH is 0 or 1.',
    'SETTINGS_ENABLE_PUSH is 2',
    'a connection error of type PROTOCOL_ERROR',
  ],
  [
    '6.5.3',
    'settings-acknowledged',
    'MUST',
    'SETTINGS',
    'SETTINGS are acknowledged once applied.',
    'SETTINGS with an unknown identifier comes',
    'SETTINGS ACK',
  ],
  [
    '6.7',
    'ping-answered',
    'MUST',
    'PING',
    'A PING is answered with the same payload.',
    'a PING comes in the middle of a request',
    'PING ACK with the eight octets sent',
  ],
  [
    '6.8',
    'goaway-last-stream',
    'SHOULD',
    'GOAWAY',
    'The last stream identifier never rises.',
    'the connection is shut down gracefully',
    'last stream identifiers that do not rise',
  ],
  [
    '6.9',
    'window-increment-zero',
    'MUST',
    'WINDOW_UPDATE',
    'An increment of 0 is an error of type PROTOCOL_ERROR.',
    'WINDOW_UPDATE 0 comes on a stream',
    'a stream error of type PROTOCOL_ERROR, or a connection error',
  ],
  [
    '6.9.1',
    'window-overflow',
    'MUST',
    'WINDOW_UPDATE',
    'A window above 2^31-1 is an error of type FLOW_CONTROL_ERROR.',
    'two increments together pass 2^31-1',
    'a connection error of type FLOW_CONTROL_ERROR',
  ],
  [
    '6.10',
    'continuation-expected',
    'MUST',
    'CONTINUATION',
    'Nothing comes between HEADERS and its CONTINUATION.',
    'a PING comes inside a field block',
    'a connection error of type PROTOCOL_ERROR',
  ],
  [
    '8.1.1',
    'content-length',
    'MUST',
    'Malformed messages',
    'A content-length other than the length of the content makes a message malformed.',
    'content-length is 1 and DATA carries 2 octets',
    'a stream error of type PROTOCOL_ERROR',
  ],
  [
    '8.2.1',
    'uppercase-field-name',
    'MUST',
    'Malformed messages',
    'A field name in upper case makes a message malformed.',
    'a field name is in upper case',
    'a stream error of type PROTOCOL_ERROR',
  ],
  [
    '8.2.1',
    'field-value-nul',
    'MUST',
    'Malformed messages',
    'NUL, CR or LF in a field value makes a message malformed.',
    'a field value holds NUL',
    'a stream error of type PROTOCOL_ERROR',
  ],
  [
    '8.3.1',
    'path-empty',
    'MUST',
    'Requests',
    'The :path pseudo-header field is not empty.',
    ':path is empty',
    'a stream error of type PROTOCOL_ERROR',
  ],
  [
    '8.5',
    'connect-authority',
    'MUST',
    'CONNECT',
    'CONNECT carries no :scheme and no :path.',
    'CONNECT carries :path',
    'a stream error of type PROTOCOL_ERROR',
  ],
  [
    '9.2.2',
    'cipher-blocklist',
    'MAY',
    'TLS',
    'A connection on a prohibited cipher suite may be refused.',
    'TLS 1.2 agrees on a CBC cipher suite',
    'a connection error of type INADEQUATE_SECURITY',
  ],
  [
    '10.5',
    'rapid-reset',
    'SHOULD',
    'Denial of service',
    'Excessive resets are treated as suspicious.',
    '2,000 streams are opened and reset',
    'GOAWAY ENHANCE_YOUR_CALM, or the connection stays usable',
  ],
]

type Found = readonly [outcome: Outcome, came?: string, known?: string]

const NGINX: Readonly<Record<string, Found>> = {
  'goaway-before-close': ['weak', 'the end of the connection, without GOAWAY'],
  'half-closed-data': ['weak', 'GOAWAY STREAM_CLOSED, then the end of the connection'],
  'rst-idle': ['fail', 'PING ACK: the connection went on as if nothing had come'],
  'field-value-nul': ['fail', 'a response with status 200 and 612 octets of content'],
  'content-length': ['fail', 'a response with status 405', 'nginx reads no content where it serves a file'],
  'connect-authority': ['weak', 'a response with status 405', 'answers the method first'],
  'concurrent-streams': ['limit', 'GOAWAY ENHANCE_YOUR_CALM after 128 streams'],
  'cipher-blocklist': ['unsupported', 'the connection has no TLS'],
  'rapid-reset': ['skipped', 'a flood runs against loopback only, or with --aggressive'],
}

const HOSTILE: Readonly<Record<string, Found>> = {
  'preface-settings-first': ['fail', NASTY],
  'invalid-preface': ['crash', 'the process ended by SIGSEGV'],
  'ignore-unknown-types': ['unstable', `pass, fail ${ATTRIBUTE_BREAKER}`],
  'frame-size-limit': ['error', 'connect ECONNREFUSED 127.0.0.1:21014'],
  'decoding-error': ['weak', 'the end of the connection'],
  'idle-data': ['fail', `DATA of 512 octets: ${'deadbeef'.repeat(128)}`],
  'ping-answered': ['fail', 'silence for 1,000 ms', NASTY],
  'goaway-last-stream': ['fail', 'last stream identifier 7, then 9'],
  'rapid-reset': ['limit', 'GOAWAY ENHANCE_YOUR_CALM after 100 resets'],
  'cipher-blocklist': ['unsupported', 'the connection has no TLS'],
  'connect-authority': ['skipped', 'left out by --only'],
}

/** A peer with some flaws, as one might be found in the wild. */
export function sampleReport(): Report {
  return report('nginx 1.22.1', 'h2c://127.0.0.1:21014', NGINX, {
    letter: 'D',
    good: false,
    because: '2 of 23 MUSTs are broken: rst-idle and field-value-nul',
  })
}

/** A peer that says the worst it can. */
export function hostileReport(): Report {
  return report(`evil ${NASTY}`, `h2c://127.0.0.1:1/${ATTRIBUTE_BREAKER}`, HOSTILE, {
    letter: 'F',
    good: false,
    because: `It crashed. ${NASTY}`,
  })
}

/** A peer that keeps every rule. */
export function perfectReport(): Report {
  return report(
    'wiregrade',
    'h2c://127.0.0.1:40001',
    {},
    {
      letter: 'A',
      good: true,
      because: 'every MUST and SHOULD that could be judged passes',
    },
  )
}

export function sampleReports(): readonly Report[] {
  return [perfectReport(), sampleReport(), hostileReport()]
}

/** As large as the real thing: `cases` verdicts, each with a transcript of eight entries. */
export function largeReport(name: string, cases: number): Report {
  const base = report(name, 'h2c://127.0.0.1:21014', NGINX, {
    letter: 'D',
    good: false,
    because: 'as large as they come',
  })
  const verdicts = Array.from({ length: cases }, (_, i): Verdict => {
    const from = base.verdicts[i % base.verdicts.length] as Verdict
    const id = `${from.id}-variant-${Math.floor(i / base.verdicts.length)}`
    const answer = Array.from({ length: 400 }, (_, at) => ((at * 31 + i * 17) % 256).toString(16).padStart(2, '0'))
    const more: TranscriptEntry = {
      at: 3,
      from: 'subject',
      hex: answer.join(''),
      octets: 400,
      decoded: [`DATA stream ${i}`],
    }
    return { ...from, id, transcript: [...from.transcript, more, more] }
  })
  return { ...base, verdicts }
}

function report(
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
