import type { Case } from '../../src/conformance/case.ts'
import { addressOf, recordOf } from '../../src/dns/client-answers.ts'
import {
  broke,
  ending,
  endingText,
  expect,
  feature,
  kept,
  reply,
  replyWell,
  response,
  seenText,
  takes,
} from '../../src/dns/client-steps.ts'
import type { ClientTalk } from '../../src/dns/client-talk.ts'
import { edns, optionOf } from '../../src/dns/edns.ts'
import type { Message } from '../../src/dns/message.ts'
import { OPTION, TYPE } from '../../src/dns/mnemonics.ts'

export type ClientCase = Case<ClientTalk>

/** It sends OPT. RFC 6891 */
export const ednsQueries = feature(
  'EDNS in queries',
  expect('OPT in its query', ({ last }) => (edns(last.message) ? kept('it is there') : broke('none'))),
)

/** The cookie option of a query. */
export function cookieOf(query: Message): Uint8Array | undefined {
  return optionOf(edns(query)?.options ?? [], OPTION.COOKIE)
}

/** It sends cookies. RFC 7873 */
export const cookieQueries = feature(
  'cookies in queries',
  expect('a cookie in its query', ({ last }) => (cookieOf(last.message) ? kept('it is there') : broke('none'))),
)

/** It finds what it is answered: of a client that gives up whatever comes, that it refuses something shows nothing. */
export const finds = feature('look-ups that find something', replyWell, takes())

/** It was told of more than one of our addresses, and asks there when the first is silent. */
export const secondServer = feature(
  'a second server that it knows',
  expect('another server to be asked sooner or later', async talk => {
    const first = talk.last.flow.tester.address
    for (;;) {
      const seen = await talk.next()
      if (talk.last.flow.tester.address !== first) return kept('it was')
      if (seen.kind === 'over' || seen.kind === 'silence') return broke(seenText(seen))
    }
  }),
)

/** It asks by datagrams: all that it sends can be seen then, and where it goes. */
export const datagrams = feature(
  'queries in datagrams',
  expect('a query in a datagram', ({ last }) => {
    const { transport } = last.flow
    return transport === 'udp' ? kept('it came in one') : broke(`it came over ${transport.toUpperCase()}`)
  }),
)

/** It asks over TCP: for the cases that come thereafter. */
export const streams = feature(
  'queries over TCP',
  expect('something to come over TCP', async talk => {
    if (talk.last.flow.transport === 'udp') talk.send(response({ tc: true })(talk.last))
    for (;;) {
      if (talk.connections > 0) return kept('it did')
      const seen = await talk.next()
      if (seen.kind === 'over' || seen.kind === 'silence') return broke(seenText(seen))
    }
  }),
)

/** Stands in a record that nobody asked for. */
const MARK = 'not-asked-for'

/** It writes what it was asked for, and no more of an answer: what it makes of the rest cannot be seen otherwise. */
export const picks = feature(
  'output of what was asked for alone',
  reply(
    'the address asked for, and text in the additional section',
    response(({ questions }) => ({
      answers: questions.map(({ name }) => addressOf(name)),
      additional: [recordOf('unrelated.example.test.', TYPE.TXT, { strings: [MARK] })],
    })),
  ),
  expect('no more than the address asked for to be written', async talk => {
    const end = await ending(talk)
    return end.exit && !end.exit.stdout.includes(MARK) ? kept(endingText(end)) : broke(endingText(end))
  }),
)
