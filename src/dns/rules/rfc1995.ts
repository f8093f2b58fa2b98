import { rulebook } from '../../conformance/rule.ts'

/** RFC 1995: Incremental zone transfer; what binds a server that answers IXFR. */
export const rfc1995 = rulebook('rfc1995', {
  currentVersionTold: {
    section: '2',
    level: 'MUST',
    role: 'server',
    text: "Who has the server's version of the zone, or a newer one, gets the server's SOA record and nothing else",
  },
  tooLongForDatagram: {
    section: '2',
    level: 'MUST',
    role: 'server',
    text: "What does not fit into a datagram is replaced by the server's SOA record alone",
  },
  wholeZoneInstead: {
    section: '4',
    level: 'MUST',
    role: 'server',
    text: 'Where no differences are kept the whole zone is sent, from its SOA record to the same again',
  },
  differencesFramed: {
    section: '4',
    level: 'MUST',
    role: 'server',
    text: "Differences begin with the server's SOA record and then the client's, and end with the server's",
    unobservable: 'a case cannot change the zone, and without a change there are no differences',
  },
  purged: {
    section: '5',
    level: 'SHOULD',
    role: 'server',
    text: 'Differences that would be longer than the zone are not kept',
    unobservable: 'a case cannot change the zone, and without a change there are no differences',
  },
})
