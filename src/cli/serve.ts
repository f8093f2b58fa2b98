import { protocols } from '../catalog.ts'
import { Unreachable } from '../conformance/peer.ts'
import { honoursAll, ignoring } from '../conformance/rule.ts'
import { TLS12_CIPHERS } from '../http2/tls.ts'
import { certificate } from '../io/certificate.ts'
import type { Host } from '../io/host.ts'
import { hostEndpoint } from '../io/host.ts'
import { didYouMean, nearest } from './nearest.ts'
import type { Command } from './options.ts'
import { UsageError } from './options.ts'
import { err, out } from './terminal.ts'

export const serve: Command = {
  name: 'serve',
  usage: '<protocol> [options]',
  about: 'Runs our own server, or one that breaks rules of your choice.',
  more: [
    'It prints one line with its address once it listens, and runs until SIGTERM or SIGINT. With --ignore it is the deviant that breaks just these rules: try a tool against it.',
    'It serves /, /bytes/<n>, /echo, /slow/<ms>, /push and /trailers.',
  ],
  options: {
    port: { value: 'N', about: 'The port; a free one unless said.' },
    host: { value: 'ADDRESS', about: 'The address to listen on: 127.0.0.1 unless said.' },
    tls: { about: 'Serve over TLS, with a certificate made for this run.' },
    ignore: { value: 'RULE', many: true, about: 'Break this rule, by its id (wiregrade list rules).' },
  },
  words: [1, 1],
  examples: [
    ['serve http2 --port 8080', 'h2c://127.0.0.1:8080'],
    ['serve http2 --tls --port 8443', 'https://127.0.0.1:8443'],
    ['serve http2 --ignore rfc9113/6.7/ping-echoed', 'a server with one flaw'],
  ],
  async run(given) {
    const [name = ''] = given.words
    const names = Object.keys(protocols)
    const protocol = Object.hasOwn(protocols, name) ? protocols[name] : undefined
    if (!protocol)
      throw new UsageError(`serve: no server for '${name}'${didYouMean(name, names)} (${names.join(', ')})`)
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
    const honours = ignored.length > 0 ? ignoring(...ignored) : honoursAll
    const subject = protocol.subject('server', honours)
    const stopping = stopSignal()
    const host = await listening({
      host: given.text('host') ?? '127.0.0.1',
      port: given.count('port', { least: 0, most: 65_535 }) ?? 0,
      ...(given.has('tls') && { tls: { ...certificate('rsa'), ciphers: TLS12_CIPHERS } }),
      endpoint: connected => subject.connect(connected),
      onThrow(thrown) {
        err.line(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
      },
    })
    out.line(`listening on ${given.has('tls') ? 'https' : 'h2c'}://${host.authority}`)
    await stopping
    await host.close(LEAVING)
    return 0
  },
}

/** How long clients may take to finish when the server stops, in ms. A second signal ends it at once. */
const LEAVING = 3000

async function listening(options: Parameters<typeof hostEndpoint>[0]): Promise<Host> {
  try {
    return await hostEndpoint(options)
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
