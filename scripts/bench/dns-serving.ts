import { exampleZone } from '../../src/dns/example-zone.ts'
import { dnsServer } from '../../src/dns/subject.ts'
import { hostUdp } from '../../src/io/udp-host.ts'

// Our DNS server over UDP as `wiregrade serve dns` has it, in a process of its own, until it is killed.
const subject = dnsServer({ zones: [exampleZone()], secret: new Uint8Array(16), nsid: 'wiregrade', remembers: true })
const { authority } = await hostUdp({
  host: '127.0.0.1',
  port: 0,
  endpoint: connected => subject.connect(connected),
  onThrow(thrown) {
    throw thrown
  },
})
console.log(authority)
