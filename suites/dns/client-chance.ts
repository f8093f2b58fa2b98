import {
  broke,
  ending,
  expect,
  good,
  greetClient,
  type Judgement,
  kept,
  replyWell,
} from '../../src/dns/client-steps.ts'
import { type Asked, type ClientTalk, clientTalk } from '../../src/dns/client-talk.ts'
import { rfc5452 } from '../../src/dns/rules/client.ts'
import { type ClientCase, datagrams } from './client-features.ts'

/** How often the client is run: by chance alone, eight of 65,536 numbers never look as if they were none. */
const RUNS = 8

/** All its queries over UDP in several runs, each answered. */
async function queriesOfRuns(talk: ClientTalk): Promise<Asked[] | string> {
  await ending(talk)
  const asked = [...talk.asked]
  for (let run = 1; run < RUNS; run++) {
    const channel = await talk.dial?.()
    if (!channel) return 'it cannot be run again'
    const other = clientTalk(channel, talk.options)
    const greeted = await greetClient().run(other)
    if (greeted?.outcome !== 'pass') return `run ${run + 1}: ${greeted?.came}`
    other.send(good(other.last))
    await ending(other)
    asked.push(...other.asked)
    channel.destroy()
  }
  return asked.filter(({ flow }) => flow.transport === 'udp')
}

/** Numbers that could be foretold: the same each time, or one step further, or all in a narrow place. */
function predictable(numbers: readonly number[]): string | undefined {
  const steps = new Set(numbers.slice(1).map((number, at) => (number - (numbers[at] as number)) & 0xffff))
  if (steps.size === 1) return `always ${[...steps][0]} further`
  if (new Set(numbers).size < numbers.length / 2) return 'some again and again'
  const span = Math.max(...numbers) - Math.min(...numbers)
  return span < NARROW ? `all within ${span}` : undefined
}

/**
 * Eight numbers of 65,536 fall so close together once in 10^14 times; eight ports of those that a system has in 10^11.
 */
const NARROW = 512

function unpredictable(what: string, of: (asked: Asked) => number) {
  return expect(`${what} that cannot be foretold, in ${RUNS} runs`, async (talk): Promise<Judgement> => {
    const asked = await queriesOfRuns(talk)
    if (typeof asked === 'string') return broke(asked)
    const numbers = asked.map(of)
    const problem = numbers.length < RUNS ? `only ${numbers.length} queries over UDP` : predictable(numbers)
    const list = numbers.join(', ')
    return problem === undefined ? kept(list) : broke(`${list}: ${problem}`)
  })
}

/** What a forger has to guess. */
export const chances: readonly ClientCase[] = [
  {
    rule: rfc5452.idUnpredictable,
    when: 'it is run eight times',
    needs: [datagrams],
    steps: [replyWell, unpredictable('identifiers', ({ message }) => message.id)],
  },
  {
    rule: rfc5452.portUnpredictable,
    when: 'it is run eight times',
    needs: [datagrams],
    steps: [replyWell, unpredictable('ports', ({ flow }) => flow.subject.port)],
  },
]
