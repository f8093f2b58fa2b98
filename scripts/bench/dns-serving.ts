import { honoursAll } from '../../src/conformance/rule.ts'
import { dns } from '../../src/dns/protocol.ts'
import { hostUdp } from '../../src/io/udp-host.ts'

// Our DNS server over UDP, in a process of its own, until it is killed.
const subject = dns.subject('server', honoursAll)
const { authority } = await hostUdp({
  host: '127.0.0.1',
  port: 0,
  endpoint: connected => subject.connect(connected),
  onThrow(thrown) {
    throw thrown
  },
})
console.log(authority)
