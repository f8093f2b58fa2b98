import type { Report, TranscriptEntry, Verdict } from '../conformance/verdict.ts'
import { type Found, report } from './made-report.fixture.ts'

/** Sample reports for tests: every outcome, and the strings that a hostile peer would choose. */

/** Markup, scripts, NUL, an emoji, right-to-left override, half a surrogate pair, a terminal escape, CDATA's end. */
export const NASTY =
  '</script><script>globalThis.hacked=1</script><img src=x onerror="globalThis.hacked=2">\u0000 🦊 \u202edesrever\u202c שלום \ud800 \u001b[31mred ]]> | `tick` @everyone "quoted" \u2028 &amp;'

const ATTRIBUTE_BREAKER = `" onmouseover="globalThis.hacked=3" x='`

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
