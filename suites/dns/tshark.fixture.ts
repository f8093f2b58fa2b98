import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What tshark says of a message. */
export interface Told {
  /** It gave up on it, or said of a name that it is none. */
  readonly malformed: boolean
  /** `id flags` and the four counts. */
  readonly header: string
  /** `name type class` of each question. */
  readonly questions: readonly string[]
  /** `owner type class ttl length` of each record, sorted; for OPT without class and TTL, which it has not. */
  readonly records: readonly string[]
  /** All of it, for who wants to know why. */
  readonly text: string
}

/** Its values are strings, objects of parts, and lists where a part comes more than once. */
type Part = string | Parts | readonly (string | Parts)[]
interface Parts {
  readonly [name: string]: Part
}

/** What tshark says of each datagram of a capture (pcapng). */
export function byTshark(capture: Uint8Array): Told[] {
  const folder = mkdtempSync(join(tmpdir(), 'wiregrade-tshark-'))
  try {
    const file = join(folder, 'messages.pcapng')
    writeFileSync(file, capture)
    const args = ['-n', '-r', file, '-T', 'json', '--no-duplicate-keys', '-J', 'dns _ws.malformed']
    const { status, stdout, stderr } = spawnSync('tshark', args, { encoding: 'utf8', maxBuffer: 1 << 30 })
    if (status !== 0) throw new Error(`tshark: ${stderr}`)
    const packets = JSON.parse(stdout) as readonly { readonly _source: { readonly layers: Parts } }[]
    return packets.map(({ _source }) => told(_source.layers))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

// Those of UPDATE have names of their own (RFC 2136 §2.2).
const QUESTIONS = ['Queries', 'Zone']
const RECORDS = [...['Answers', 'Authoritative nameservers', 'Additional records'], ...['Prerequisites', 'Updates']]

const BAD_NAME = /<Name contains a pointer that loops>|<Unknown extended label>|<Name too long>/

function told(layers: Parts): Told {
  const dns = (layers['dns'] ?? {}) as Parts
  const text = JSON.stringify(layers)
  const counts = ['queries', 'answers', 'auth_rr', 'add_rr'].map(
    (name, i) => dns[`dns.count.${name}`] ?? dns[`dns.count.${['zones', 'prerequisites', 'updates'][i]}`],
  )
  const entries = (sections: readonly string[]): Parts[] =>
    sections.flatMap(section =>
      Object.values((dns[section] ?? {}) as Parts).flatMap(entry => entry as Parts | readonly Parts[]),
    )
  return {
    malformed: '_ws.malformed' in layers || BAD_NAME.test(text),
    header: [dns['dns.id'], dns['dns.flags'], ...counts].map(Number).join(' '),
    questions: entries(QUESTIONS).map(questionLine),
    records: entries(RECORDS).map(recordLine).sort(),
    text,
  }
}

/** The first of a part: bit maps of types call theirs by the name of the record's own. */
function first(parts: Parts, name: string): string {
  const part = parts[name]
  return String(Array.isArray(part) ? part[0] : part)
}

function questionLine(parts: Parts): string {
  return `${first(parts, 'dns.qry.name')} ${first(parts, 'dns.qry.type')} ${Number(first(parts, 'dns.qry.class'))}`
}

function recordLine(parts: Parts): string {
  // The owner of SRV is shown in three parts.
  const owner =
    'dns.srv.name' in parts
      ? ['dns.srv.service', 'dns.srv.proto', 'dns.srv.name'].map(name => first(parts, name)).join('.')
      : first(parts, 'dns.resp.name')
  const type = first(parts, 'dns.resp.type')
  const length = first(parts, 'dns.resp.len')
  if (type === '41') return `${owner} ${type} ${length}`
  return `${owner} ${type} ${Number(first(parts, 'dns.resp.class'))} ${first(parts, 'dns.resp.ttl')} ${length}`
}
