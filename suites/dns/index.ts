import type { Protocol, Suite } from '../../src/conformance/case.ts'
import { dnsOfClients } from '../../src/dns/protocol.ts'
import aliases from './1034-aliases.ts'
import answers from './1034-answers.ts'
import delegation from './1034-delegation.ts'
import header from './1035-header.ts'
import malformed from './1035-malformed.ts'
import names from './1035-names.ts'
import ixfr from './1995-ixfr.ts'
import wildcards from './4592-wildcards.ts'
import nsid from './5001-nsid.ts'
import axfr from './5936-transfer.ts'
import edns from './6891-edns.ts'
import sizes from './6891-sizes.ts'
import classes from './6895-classes.ts'
import opcodes from './6895-opcodes.ts'
import interrupted from './7766-interrupted.ts'
import tcp from './7766-tcp.ts'
import keepalive from './7828-keepalive.ts'
import padding from './7830-padding.ts'
import tls from './7858-tls.ts'
import cookies from './7873-cookies.ts'
import httpsFreshness from './8484-freshness.ts'
import https from './8484-https.ts'
import types from './8906-types.ts'
import extendedErrors from './8914-errors.ts'
import { clientSuites } from './client.ts'

const suites: readonly Suite[] = [
  header,
  malformed,
  names,
  opcodes,
  types,
  classes,
  answers,
  aliases,
  wildcards,
  delegation,
  edns,
  sizes,
  tcp,
  interrupted,
  tls,
  https,
  httpsFreshness,
  extendedErrors,
  cookies,
  padding,
  keepalive,
  nsid,
  axfr,
  ixfr,
  ...clientSuites(dnsOfClients as unknown as Protocol),
]

export default suites
