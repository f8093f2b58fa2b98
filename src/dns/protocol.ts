import type { Protocol, Step, Subject } from '../conformance/case.ts'
import type { Honours, Rule } from '../conformance/rule.ts'
import { greetClient } from './client-steps.ts'
import { clientSubject } from './client-subject.ts'
import { type ClientTalk, clientTalk } from './client-talk.ts'
import { describe } from './describe.ts'
import { exampleZone } from './example-zone.ts'
import { greetServer, hello } from './greet.ts'
import { DNS_PATH } from './https-server.ts'
import * as clientBooks from './rules/client.ts'
import * as serverBooks from './rules.ts'
import { dnsServer } from './subject.ts'
import { DnsTalk } from './talk.ts'

const TITLES: Readonly<Record<keyof typeof serverBooks | keyof typeof clientBooks, string>> = {
  rfc1034: 'Domain names: concepts and facilities',
  rfc1035: 'Domain names: implementation and specification',
  rfc1123: 'Requirements for Internet hosts',
  rfc1995: 'Incremental zone transfer in DNS (IXFR)',
  rfc1996: 'DNS NOTIFY',
  rfc2136: 'DNS UPDATE',
  rfc2181: 'Clarifications to the DNS specification',
  rfc2308: 'Negative caching of DNS queries',
  rfc3225: 'Indicating resolver support of DNSSEC',
  rfc3597: 'Handling of unknown resource record types',
  rfc4035: 'Protocol modifications for DNSSEC',
  rfc4343: 'DNS case insensitivity',
  rfc4592: 'The role of wildcards in the DNS',
  rfc5001: 'DNS name server identifier option',
  rfc5452: 'Making DNS more resilient against forged answers',
  rfc5936: 'DNS zone transfer protocol (AXFR)',
  rfc6604: 'xNAME RCODE and status bits',
  rfc6672: 'DNAME redirection in the DNS',
  rfc6891: 'Extension mechanisms for DNS (EDNS(0))',
  rfc6895: 'DNS IANA considerations',
  rfc7766: 'DNS transport over TCP',
  rfc7828: 'The edns-tcp-keepalive option',
  rfc7830: 'The EDNS(0) padding option',
  rfc7858: 'DNS over TLS',
  rfc7873: 'DNS cookies',
  rfc8020: 'NXDOMAIN: there really is nothing underneath',
  rfc8482: 'Minimal answers to queries for ANY',
  rfc8484: 'DNS queries over HTTPS',
  rfc8906: 'Failure to communicate',
  rfc8914: 'Extended DNS errors',
  rfc9619: 'QDCOUNT is (usually) one',
}

/** Where our own subject serves what the suites ask for. */
const RESOURCES = { zone: 'example.test.', path: DNS_PATH }

/** The secret of a server that is only ever asked by us. */
const SECRET = Buffer.from('not much of a se', 'latin1')

/** DNS, as the kernel sees it: a server is spoken to by one talk, a client by another. */
const protocol: Omit<Protocol, 'begin'> & Pick<Protocol<DnsTalk>, 'begin'> = {
  name: 'dns',
  title: 'DNS',
  rules: [...Object.values(serverBooks), ...Object.values(clientBooks)].flatMap<Rule>(book => Object.values(book)),
  specifications: Object.fromEntries(
    Object.entries(TITLES).map(([spec, title]) => [
      spec,
      { title: `RFC ${spec.slice(3)}, ${title}`, sections: `https://www.rfc-editor.org/rfc/${spec}#section-` },
    ]),
  ),
  resources: RESOURCES,
  transports: ['udp', 'tcp', 'tls', 'https'],
  talk: (channel, role, options, dial) =>
    role === 'client' ? clientTalk(channel, options, dial) : new DnsTalk(channel, options, dial),
  describe,
  begin: role => (role === 'client' ? ([greetClient()] as unknown as Step<DnsTalk>[]) : [greetServer()]),
  hello,
  subject: (role, honours) => (role === 'client' ? clientSubject(honours) : serverSubject(honours)),
}

/** The protocol as suites of servers see it. */
export const dns = protocol as Protocol<DnsTalk>

/** The protocol as suites of clients see it: the same. */
export const dnsOfClients = protocol as unknown as Protocol<ClientTalk>

function serverSubject(honours: Honours): Subject {
  return dnsServer({ zones: [exampleZone()], honours, secret: SECRET, nsid: 'wiregrade' })
}
