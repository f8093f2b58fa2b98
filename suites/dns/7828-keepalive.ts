import { suite } from '../../src/conformance/case.ts'
import type { Opening } from '../../src/conformance/channel.ts'
import { type Ask, ask } from '../../src/dns/ask.ts'
import { answers, noError, noOpt, noOption, option, proper } from '../../src/dns/checks.ts'
import { expect } from '../../src/dns/expect.ts'
import { ednsSupport, ourZone } from '../../src/dns/features.ts'
import { OPTION, TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc7828 } from '../../src/dns/rules.ts'
import { hex } from '../../src/wire/hex.ts'
import { shownOver, tcp, tls } from './connections.ts'

const www: Ask = { name: 'www', type: TYPE.A }
const isWww = [proper, noError, answers('www A 192.0.2.1')]
const keepalive = (data: Uint8Array = new Uint8Array(0)): Ask => ({
  ...www,
  edns: { options: [{ code: OPTION.KEEPALIVE, data }] },
})

const told = option(OPTION.KEEPALIVE, 'edns-tcp-keepalive')
const time = option(OPTION.KEEPALIVE, 'edns-tcp-keepalive with a time', data =>
  data.length === 2 ? undefined : `it has ${data.length} octets`,
)

const udp: Opening = { transport: 'udp' }
const lack = 'it does not tell how long it keeps a connection'
const overTcp = shownOver('tcp', 'edns-tcp-keepalive', lack, keepalive(), told)
const overTls = shownOver('tls', 'edns-tcp-keepalive over TLS', lack, keepalive(), told)

export default suite(dns, 'server', 'edns-tcp-keepalive', [
  {
    rule: rfc7828.keepaliveOverUdpIgnored,
    when: 'the option comes by a datagram',
    opening: udp,
    needs: [ourZone, ednsSupport],
    steps: [ask(keepalive()), expect(...isWww, noOption(OPTION.KEEPALIVE))],
  },
  {
    rule: rfc7828.keepaliveOverUdpIgnored,
    when: 'the option comes by a datagram and names a time',
    opening: udp,
    needs: [ourZone, ednsSupport],
    steps: [ask(keepalive(hex('0064'))), expect(...isWww, noOption(OPTION.KEEPALIVE))],
  },
  {
    rule: rfc7828.keepaliveAnswered,
    when: 'the option comes over TCP',
    opening: tcp,
    needs: [ourZone, ednsSupport],
    steps: [ask(keepalive()), expect(...isWww, told)],
  },
  {
    rule: rfc7828.keepaliveTimeTold,
    when: 'the option comes over TCP',
    opening: tcp,
    needs: [ourZone, overTcp],
    steps: [ask(keepalive()), expect(...isWww, time)],
  },
  {
    rule: rfc7828.keepaliveTimeTold,
    when: 'the option comes twice on one connection',
    opening: tcp,
    needs: [ourZone, overTcp],
    steps: [ask(keepalive()), expect(...isWww, told), ask(keepalive()), expect(...isWww, time)],
  },
  {
    rule: rfc7828.keepaliveTimeTold,
    when: 'the option comes over TLS',
    opening: tls,
    needs: [ourZone, overTls],
    steps: [ask(keepalive()), expect(...isWww, time)],
  },
  {
    rule: rfc7828.keepaliveOnlyWithOpt,
    when: 'a query without OPT comes behind one with the option',
    opening: tcp,
    needs: [ourZone, overTcp],
    steps: [ask(keepalive()), expect(...isWww, told), ask(www), expect(...isWww, noOpt)],
  },
])
