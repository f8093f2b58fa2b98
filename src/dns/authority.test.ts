import { describe, expect, it } from 'vitest'
import { answer } from './authority.ts'
import { parseMasterFile, recordText } from './master-file.ts'
import type { ResourceRecord } from './message.ts'
import { CLASS, rcodes, TYPE } from './mnemonics.ts'
import type { Zone } from './zone.ts'
import { zoneOf } from './zone.ts'

function zone(text: string): Zone {
  return zoneOf(parseMasterFile(text, { file: 'zone' }))
}

/** Asks zones: `rcode flags`, and each section as master files have it, without TTL and class. */
function ask(zones: readonly Zone[], name: string, type: keyof typeof TYPE) {
  const byApex = new Map(zones.map(one => [one.apex, one]))
  const reply = answer(byApex, { name, type: TYPE[type], class: CLASS.IN })
  return {
    header: `${rcodes.text(reply.rcode)}${reply.aa ? ' aa' : ''}`,
    answers: texts(reply.answers),
    authority: texts(reply.authority),
    additional: texts(reply.additional),
  }
}

function texts(records: readonly ResourceRecord[]): string[] {
  return records.map(record => recordText(record).replace(/^(\S+) \d+ IN /, '$1 '))
}

/** RFC 1034 §6.1 */
const ROOT = zone(`
$TTL 86400
.                   IN SOA SRI-NIC.ARPA. HOSTMASTER.SRI-NIC.ARPA. 870611 1800 300 604800 86400
.                   NS A.ISI.EDU.
.                   NS C.ISI.EDU.
.                   NS SRI-NIC.ARPA.
MIL.                NS SRI-NIC.ARPA.
MIL.                NS A.ISI.EDU.
EDU.                NS SRI-NIC.ARPA.
EDU.                NS C.ISI.EDU.
SRI-NIC.ARPA.       A 26.0.0.73
SRI-NIC.ARPA.       A 10.0.0.51
SRI-NIC.ARPA.       MX 0 SRI-NIC.ARPA.
SRI-NIC.ARPA.       HINFO DEC-2060 TOPS20
ACC.ARPA.           A 26.6.0.65
USC-ISIC.ARPA.      CNAME C.ISI.EDU.
73.0.0.26.IN-ADDR.ARPA. PTR SRI-NIC.ARPA.
A.ISI.EDU.          A 26.3.0.103
C.ISI.EDU.          A 10.0.0.52
`)
const EDU = zone(`
$ORIGIN EDU.
$TTL 172800
@           IN SOA SRI-NIC.ARPA. HOSTMASTER.SRI-NIC.ARPA. 870729 1800 300 604800 86400
@           NS SRI-NIC.ARPA.
@           NS C.ISI.EDU.
ISI         NS VAXA.ISI
ISI         NS A.ISI
ISI         NS VENERA.ISI.EDU.
VAXA.ISI    A 10.2.0.27
VAXA.ISI    A 128.9.0.33
VENERA.ISI  A 10.1.0.52
VENERA.ISI  A 128.9.0.32
A.ISI       A 26.3.0.103
`)
const NOTHING = { answers: [], authority: [], additional: [] }

describe('the queries of RFC 1034 §6.2 at C.ISI.EDU', () => {
  const c = [ROOT, EDU]
  const addresses = ['SRI-NIC.ARPA. A 26.0.0.73', 'SRI-NIC.ARPA. A 10.0.0.51']

  it('6.2.1: SRI-NIC.ARPA A', () => {
    expect(ask(c, 'SRI-NIC.ARPA.', 'A')).toEqual({ ...NOTHING, header: 'NOERROR aa', answers: addresses })
  })

  it('6.2.3: SRI-NIC.ARPA MX, with the addresses that will be wanted', () => {
    const answers = ['SRI-NIC.ARPA. MX 0 SRI-NIC.ARPA.']
    expect(ask(c, 'SRI-NIC.ARPA.', 'MX')).toEqual({ ...NOTHING, header: 'NOERROR aa', answers, additional: addresses })
  })

  it('6.2.4: SRI-NIC.ARPA NS: the name is there, the type is not', () => {
    const { header, answers } = ask(c, 'SRI-NIC.ARPA.', 'NS')
    expect({ header, answers }).toEqual({ header: 'NOERROR aa', answers: [] })
  })

  it('6.2.5: SIR-NIC.ARPA A', () => {
    const authority = ['. SOA SRI-NIC.ARPA. HOSTMASTER.SRI-NIC.ARPA. 870611 1800 300 604800 86400']
    expect(ask(c, 'SIR-NIC.ARPA.', 'A')).toEqual({ ...NOTHING, header: 'NXDOMAIN aa', authority })
  })

  it('6.2.6: BRL.MIL A: others know', () => {
    const { additional, ...rest } = ask(c, 'BRL.MIL.', 'A')
    expect(rest).toEqual({
      header: 'NOERROR',
      answers: [],
      authority: ['MIL. NS SRI-NIC.ARPA.', 'MIL. NS A.ISI.EDU.'],
    })
    expect(additional).toEqual(expect.arrayContaining([...addresses, 'A.ISI.EDU. A 26.3.0.103']))
  })

  it('6.2.7: USC-ISIC.ARPA A: an alias, and others know of what it stands for', () => {
    const { additional, ...rest } = ask(c, 'USC-ISIC.ARPA.', 'A')
    expect(rest).toEqual({
      header: 'NOERROR aa',
      answers: ['USC-ISIC.ARPA. CNAME C.ISI.EDU.'],
      authority: ['ISI.EDU. NS VAXA.ISI.EDU.', 'ISI.EDU. NS A.ISI.EDU.', 'ISI.EDU. NS VENERA.ISI.EDU.'],
    })
    expect(additional).toHaveLength(5)
  })

  it('6.2.8: USC-ISIC.ARPA CNAME', () => {
    const answers = ['USC-ISIC.ARPA. CNAME C.ISI.EDU.']
    expect(ask(c, 'USC-ISIC.ARPA.', 'CNAME')).toEqual({ ...NOTHING, header: 'NOERROR aa', answers })
  })
})

describe('the zone of RFC 4592 §2.2.1', () => {
  const example = zone(`
$ORIGIN example.
$TTL 3600
@                IN SOA ns.example.com. admin.example.com. 1 3600 600 86400 60
@                NS ns.example.com.
@                NS ns.example.net.
*                TXT "this is a wildcard"
*                MX 10 host1
sub.*            TXT "this is not a wildcard"
host1            A 192.0.2.1
_ssh._tcp.host1  SRV 0 0 22 host1
_ssh._tcp.host2  SRV 0 0 22 host1
subdel           NS ns.example.com.
subdel           NS ns.example.net.
`)

  it.each([
    ['host3.example.', 'MX', 'NOERROR aa', ['host3.example. MX 10 host1.example.']],
    ['host3.example.', 'A', 'NOERROR aa', []],
    ['foo.bar.example.', 'TXT', 'NOERROR aa', ['foo.bar.example. TXT "this is a wildcard"']],
    ['host1.example.', 'MX', 'NOERROR aa', []],
    ['sub.*.example.', 'MX', 'NOERROR aa', []],
    ['_telnet._tcp.host1.example.', 'SRV', 'NXDOMAIN aa', []],
    ['host.subdel.example.', 'A', 'NOERROR', []],
    ['ghost.*.example.', 'MX', 'NXDOMAIN aa', []],
    ['_tcp.host1.example.', 'SRV', 'NOERROR aa', []],
    ['*.example.', 'TXT', 'NOERROR aa', ['*.example. TXT "this is a wildcard"']],
  ] as const)('%s %s: %s', (name, type, header, answers) => {
    expect(ask([example], name, type)).toMatchObject({ header, answers })
  })
})

describe('DNAME (RFC 6672)', () => {
  const example = zone(`
$ORIGIN example.
$TTL 300
@        IN SOA ns.elsewhere. admin.elsewhere. 1 3600 600 86400 60
@        NS ns.elsewhere.
old      DNAME new
old      A 192.0.2.1
under.old A 192.0.2.2
a.new    A 192.0.2.3
c.new    CNAME a.new
w        DNAME wild
up       DNAME @
*.wild   A 192.0.2.4
`)
  const dname = 'old.example. DNAME new.example.'

  it.each([
    ['old.example.', 'A', 'NOERROR aa', ['old.example. A 192.0.2.1']],
    ['old.example.', 'DNAME', 'NOERROR aa', [dname]],
    ['a.old.example.', 'A', 'NOERROR aa', [dname, 'a.old.example. CNAME a.new.example.', 'a.new.example. A 192.0.2.3']],
    ['b.old.example.', 'A', 'NXDOMAIN aa', [dname, 'b.old.example. CNAME b.new.example.']],
    // What stands below is hidden. §2.4
    ['under.old.example.', 'A', 'NXDOMAIN aa', [dname, 'under.old.example. CNAME under.new.example.']],
    // The alias that was made answers, as one that stands in the zone does. §3.1, RFC 1034 §3.6.2
    ['b.old.example.', 'CNAME', 'NOERROR aa', [dname, 'b.old.example. CNAME b.new.example.']],
    ['c.old.example.', 'CNAME', 'NOERROR aa', [dname, 'c.old.example. CNAME c.new.example.']],
    // A record that was met on the way is not told twice. RFC 2181 §5.5
    ['up.up.example.', 'DNAME', 'NOERROR aa', ['up.example. DNAME example.', 'up.up.example. CNAME up.example.']],
    [
      'w.up.up.example.',
      'DNAME',
      'NOERROR aa',
      [
        'up.example. DNAME example.',
        'w.up.up.example. CNAME w.up.example.',
        'w.up.example. CNAME w.example.',
        'w.example. DNAME wild.example.',
      ],
    ],
    [
      'x.w.example.',
      'A',
      'NOERROR aa',
      ['w.example. DNAME wild.example.', 'x.w.example. CNAME x.wild.example.', 'x.wild.example. A 192.0.2.4'],
    ],
  ] as const)('%s %s: %s', (name, type, header, answers) => {
    expect(ask([example], name, type)).toMatchObject({ header, answers })
  })
})

it('names are found in any case, and told as they were asked', () => {
  const { answers } = ask([ROOT], 'sri-nic.ARPA.', 'A')
  expect(answers.map(text => text.split(' ')[0])).toEqual(['sri-nic.ARPA.', 'sri-nic.ARPA.'])
})
