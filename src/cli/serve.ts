import { randomBytes } from 'node:crypto'
import { protocols } from '../catalog.ts'
import type { Protocol, Subject } from '../conformance/case.ts'
import { Unreachable } from '../conformance/peer.ts'
import type { Honours } from '../conformance/rule.ts'
import { honoursAll, ignoring } from '../conformance/rule.ts'
import { exampleZone } from '../dns/example-zone.ts'
import { dnsServer } from '../dns/subject.ts'
import type { Host } from '../io/host.ts'
import type { SchemeName } from '../schemes.ts'
import { schemeNames, schemeOf } from '../schemes.ts'
import { hostSubject } from './hosting.ts'
import { didYouMean, nearest } from './nearest.ts'
import type { Command, Given } from './options.ts'
import { UsageError } from './options.ts'
import { err, out } from './terminal.ts'
import { readZone, zoneNamed } from './zone-file.ts'

export const serve: Command = {
  name: 'serve',
  usage: '<protocol> [options]',
  about: 'Runs our own server, or one that breaks rules of your choice.',
  more: [
    'It prints one line with its address once it listens, and runs until SIGTERM or SIGINT. With --ignore it is the deviant that breaks just these rules: try a tool against it.',
    'http2 serves /, /bytes/<n>, /echo, /slow/<ms>, /push and /trailers. dns is an authority for the zones of --zone, else for example.test, over UDP and TCP.',
  ],
  options: {
    port: { value: 'N', about: 'The port; a free one unless said.' },
    host: { value: 'ADDRESS', about: 'The address to listen on: 127.0.0.1 unless said.' },
    tls: { about: 'Serve over TLS, with a certificate made for this run.' },
    https: { about: 'Serve DNS over HTTPS.' },
    zone: { value: 'FILE', many: true, about: 'A zone for DNS: a master file (RFC 1035).' },
    origin: { value: 'NAME', about: 'What names in zone files are relative to until $ORIGIN says otherwise.' },
    'rate-limit': {
      value: 'N',
      about: 'Like DNS responses a second to one network by UDP; as many as asked unless said.',
    },
    ignore: { value: 'RULE', many: true, about: 'Break this rule, by its id (wiregrade list rules).' },
  },
  words: [1, 1],
  examples: [
    ['serve http2 --port 8080', 'h2c://127.0.0.1:8080'],
    ['serve http2 --tls --port 8443', 'https://127.0.0.1:8443'],
    ['serve dns --zone example.zone --port 5300', 'dns://127.0.0.1:5300, UDP and TCP'],
    ['serve http2 --ignore rfc9113/6.7/ping-echoed', 'a server with one flaw'],
  ],
  async run(given) {
    const [name = ''] = given.words
    const names = Object.keys(protocols)
    const protocol = Object.hasOwn(protocols, name) ? protocols[name] : undefined
    if (!protocol)
      throw new UsageError(`serve: no server for '${name}'${didYouMean(name, names)} (${names.join(', ')})`)
    const scheme = schemeFor(protocol, given)
    const subject = subjectFor(protocol, given)
    const stopping = stopSignal()
    const host = await listening(subject, scheme, given)
    out.line(`listening on ${scheme}://${host.authority}`)
    await stopping
    await host.close(LEAVING)
    return 0
  },
}

/** Which of a protocol's schemes is served: without TLS unless said. */
function schemeFor(protocol: Protocol, given: Given): SchemeName {
  const [wanted, other] = ['https', 'tls'].filter(option => given.has(option))
  if (other !== undefined) throw new UsageError('serve: either --tls or --https: each is a server of its own')
  const scheme = schemeNames(protocol.name).find(each => {
    const { transports, alpn } = schemeOf(each)
    return wanted === undefined ? alpn === undefined : transports.some(transport => transport === wanted)
  })
  if (scheme === undefined) throw new UsageError(`serve: ${protocol.title} is not served by --${wanted}`)
  return scheme
}

function subjectFor(protocol: Protocol, given: Given): Subject {
  const honours = honoursFor(protocol, given)
  const files = given.all('zone')
  if (protocol.name !== 'dns') {
    const option = ['zone', 'origin', 'rate-limit'].find(each => given.has(each))
    if (option !== undefined) throw new UsageError(`serve: --${option} is for DNS`)
    return protocol.subject('server', honours)
  }
  const typed = given.text('origin')
  const name = typed === undefined ? undefined : zoneNamed(typed, 'serve: --origin')
  const origin = { name, say: '--origin example.org' }
  const zones = files.length === 0 ? [exampleZone()] : files.map(file => readZone(file, origin))
  const twice = zones.find(({ apex }, at) => zones.findIndex(zone => zone.apex === apex) < at)
  if (twice !== undefined) throw new UsageError(`serve: the zone ${twice.apex} is given twice`)
  const perSecond = given.count('rate-limit', { least: 1, most: 1_000_000 })
  const rate = perSecond === undefined ? undefined : { perSecond }
  return dnsServer({ zones, honours, secret: randomBytes(16), nsid: 'wiregrade', rate, remembers: true })
}

function honoursFor(protocol: Protocol, given: Given): Honours {
  const ignored = given.all('ignore').map(id => {
    const rule = protocol.rules.find(each => each.id === id)
    if (rule) return rule
    const ids = protocol.rules.map(each => each.id)
    // The end of an id is easily known by heart.
    const meant = ids.find(each => each.endsWith(`/${id}`)) ?? nearest(id, ids)
    throw new UsageError(`serve: no rule '${id}'${meant === undefined ? '' : `; did you mean '${meant}'?`}`)
  })
  for (const rule of ignored) {
    if (rule.role === 'client') err.line(`note: ${rule.id} binds clients only, so a server has nothing to ignore`)
  }
  return ignored.length > 0 ? ignoring(...ignored) : honoursAll
}

/** How long clients may take to finish when the server stops, in ms. A second signal ends it at once. */
const LEAVING = 3000

async function listening(subject: Subject, scheme: SchemeName, given: Given): Promise<Host> {
  try {
    return await hostSubject(subject, scheme, {
      host: given.text('host') ?? '127.0.0.1',
      port: given.count('port', { least: 0, most: 65_535 }) ?? 0,
      onThrow(thrown) {
        err.line(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
      },
    })
  } catch (thrown) {
    if (thrown instanceof Unreachable) throw new UsageError(`serve: ${thrown.message}`)
    throw thrown
  }
}

/** Fulfilled by the first SIGTERM or SIGINT. */
function stopSignal(): Promise<void> {
  return new Promise(resolve => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
}
