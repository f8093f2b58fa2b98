import { GOOD } from '../../src/dns/client-answers.ts'
import {
  asksOverTcp,
  broke,
  ending,
  endingText,
  evil,
  expect,
  kept,
  reply,
  replyWell,
  response,
  takes,
  wrote,
} from '../../src/dns/client-steps.ts'
import { rfc2181, rfc7766 } from '../../src/dns/rules/client.ts'
import { type ClientCase, datagrams } from './client-features.ts'

/** Responses that were cut. */
export const truncation: readonly ClientCase[] = [
  {
    rule: rfc7766.tcpUsed,
    when: 'a response is cut to nothing',
    needs: [datagrams],
    steps: [reply('an empty response with TC set', response({ tc: true })), asksOverTcp, replyWell, takes()],
  },
  {
    rule: rfc7766.tcpUsed,
    when: 'a response is cut in its answers',
    needs: [datagrams],
    steps: [reply('an answer with TC set', evil({ tc: true })), asksOverTcp, replyWell, takes()],
  },
  {
    rule: rfc2181.truncatedIgnored,
    when: 'what is left of a cut response has an address',
    needs: [datagrams],
    steps: [
      reply('an answer with TC set', evil({ tc: true })),
      expect('the part ignored, and the whole answer used', async talk => {
        const end = await ending(talk)
        const came = endingText(end)
        return wrote(end.exit, GOOD) && end.again.length > 0 ? kept(came) : broke(came)
      }),
    ],
  },
  {
    rule: rfc2181.truncatedIgnored,
    when: 'a cut response says that there is no such name',
    needs: [datagrams],
    steps: [
      reply('NXDOMAIN with TC set', response({ tc: true, rcode: 3 })),
      expect('the whole answer to be asked for and used', async talk => {
        const end = await ending(talk)
        const came = endingText(end)
        return wrote(end.exit, GOOD) ? kept(came) : broke(came)
      }),
    ],
  },
]
