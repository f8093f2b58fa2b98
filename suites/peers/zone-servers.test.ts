import { describe, expect, it } from 'vitest'
import { BASE } from '../../src/dns/differential/small-zone.ts'
import { questionFromText } from '../../src/dns/differential/zone-question.ts'
import { serverSubject } from '../../src/dns/differential/zone-subject.ts'
import { isInstalled, startZoneServer, zoneServers } from './zone-servers.ts'

const good = { lines: [...BASE, { owner: 'a', ttl: 300, type: 'A', data: '192.0.2.1' }] }
const broken = { lines: good.lines.filter(({ type }) => type !== 'SOA') }

describe.each(zoneServers)('%s', name => {
  it.skipIf(!isInstalled(name))('serves the zones that it takes, and says which it does not', async () => {
    const subject = serverSubject(name, zones => startZoneServer(name, zones))
    const questions = [questionFromText('a A'), questionFromText('b A do')]
    const [first, second, third] = await subject.ask([good, broken, good].map(scene => ({ scene, questions })))
    expect(second).toHaveProperty('refused')
    for (const reply of [first, third]) {
      const answers = reply && 'answers' in reply ? reply.answers : []
      const rcodes = answers.map(answer => (answer.kind === 'message' ? answer.message.rcode : answer.kind))
      expect(rcodes).toEqual([0, 3])
    }
  })

  it.skipIf(!isInstalled(name))('lives until it is ended, and can be had anew', async () => {
    const server = await startZoneServer(name, [])
    try {
      expect(await server.died()).toBeUndefined()
      await server.revive()
      expect(await server.died()).toBeUndefined()
    } finally {
      await server.close()
    }
  })
})
