import { describe, expect, test } from 'vitest'
import { memoryPeer } from '../io/memory.ts'
import type { Case, Dial, Subject, Suite } from './case.ts'
import type { Peer } from './peer.ts'
import { Refused, Unreachable } from './peer.ts'
import { prove } from './prove.ts'
import { honoursAll } from './rule.ts'
import { type RunOptions, run, TALK_DEFAULTS } from './run.ts'
import { bang, echoes, endpoint, flying, hear, rules, say, ToyTalk, toy, toyServer, toySuite } from './toy.fixture.ts'

const options: RunOptions = {
  talk: { ...TALK_DEFAULTS, authority: 'localhost', secure: false },
  timeLimit: 5000,
  aggressive: false,
  clock: () => 0,
  concurrency: 1,
  repeat: 1,
}

const peer = (subject: Subject): Peer => memoryPeer(subject, 'server', 'toy')
const answering = (answer: (text: string) => string): Peer => peer({ connect: () => endpoint(answer) })

async function outcome(subject: Peer, entry: Case<ToyTalk> = echoes, more: Partial<RunOptions> = {}) {
  const [verdict] = await run([toySuite(entry)], subject, { ...options, ...more })
  if (!verdict) throw new Error('no verdict')
  return verdict
}

describe('a verdict', () => {
  test('of a subject that keeps the rule is pass, with both directions as evidence', async () => {
    const verdict = await outcome(peer(toyServer(honoursAll)))
    expect(verdict.outcome).toBe('pass')
    expect(verdict.id).toBe('toy/1/echoes/a-word-comes')
    expect(verdict.transcript.map(({ from, decoded }) => [from, ...decoded])).toEqual([
      ['tester', 'hi'],
      ['subject', 'hi'],
      ['tester', 'word'],
      ['subject', 'word'],
    ])
  })

  test('of a subject that hangs up, stays silent or answers wrongly in the beginning is fail', async () => {
    expect((await outcome(answering(() => 'close'))).came).toBe('<eof>')
    expect((await outcome(answering(() => ''))).outcome).toBe('fail')
    expect((await outcome(answering(() => 'ho'))).came).toBe('ho')
  })

  test('is error, not fail, when no connection can be made', async () => {
    const unreachable: Peer = {
      ...peer(toyServer(honoursAll)),
      open: () => Promise.reject(new Unreachable('nobody listens')),
    }
    const verdict = await outcome(unreachable)
    expect([verdict.outcome, verdict.came]).toEqual(['error', 'nobody listens'])
  })

  test('is error when a step of ours throws', async () => {
    const broken = { ...echoes, steps: [{ says: 'stumble', run: () => Promise.reject(new TypeError('ours')) }] }
    expect((await outcome(peer(toyServer(honoursAll)), broken)).outcome).toBe('error')
  })

  test('is error when no step judges anything', async () => {
    expect((await outcome(peer(toyServer(honoursAll)), { ...echoes, begin: [], steps: [say('word')] })).outcome).toBe(
      'error',
    )
  })

  test('is unsupported when a feature is missing, and nothing of the case is sent', async () => {
    const verdict = await outcome(peer(toyServer(honoursAll)), { ...echoes, needs: [flying] })
    expect([verdict.outcome, verdict.came, verdict.transcript]).toEqual(['unsupported', 'it has no wings', []])
  })

  test('is unsupported over what the subject is not reached by, before anything is asked', async () => {
    const probe = () => Promise.reject(new Error('not to be asked'))
    const entry: Case<ToyTalk> = { ...echoes, opening: { transport: 'udp' }, needs: [{ name: 'flying', probe }] }
    const reached = memoryPeer(toyServer(honoursAll), 'server', 'toy', ['tcp', 'tls'])
    const { outcome: found, expected, came } = await outcome(reached, entry)
    expect([found, expected, came]).toEqual(['unsupported', 'a connection over UDP', 'it is reached over TCP and TLS'])
    expect((await outcome(peer(toyServer(honoursAll)), entry)).came).toBe('it is reached over no transport of choice')
    const datagrams = memoryPeer(toyServer(honoursAll), 'server', 'toy', ['udp'])
    expect((await outcome(datagrams, { ...entry, needs: [] })).outcome).toBe('pass')
  })

  test('has the evidence of every connection that the case opened, and says how to do the same by hand', async () => {
    const dialling: Suite<ToyTalk> = {
      ...toySuite({
        ...echoes,
        steps: [
          {
            says: 'say hello elsewhere',
            command: ({ authority }, opening) => `echo hello | nc ${authority} ${opening?.transport ?? 'tcp'}`,
            async run(talk) {
              const other = await (talk as ToyTalk & { dial: Dial }).dial()
              other.send(Buffer.from('elsewhere'))
              await other.receive(100)
              return undefined
            },
          },
          ...echoes.steps,
        ],
      }),
      protocol: {
        ...toy,
        talk: (channel, _role, { patience }, dial) => Object.assign(new ToyTalk(channel, patience), { dial }),
      },
    }
    const [verdict] = await run([dialling], peer(toyServer(honoursAll)), options)
    expect(verdict?.outcome).toBe('pass')
    expect(verdict?.commands).toEqual(['echo hello | nc localhost tcp'])
    expect(verdict?.transcript.flatMap(({ decoded }) => decoded)).toEqual([
      'hi',
      'hi',
      'word',
      'word',
      'another connection, 0 ms after the first',
      'elsewhere',
      'elsewhere',
    ])
  })

  test('is not unsupported when the subject is not even alive', async () => {
    expect(
      (
        await outcome(
          answering(() => 'ho'),
          { ...echoes, needs: [flying] },
        )
      ).outcome,
    ).toBe('fail')
  })

  test('of a flood is skipped off loopback unless it is allowed', async () => {
    const far: Peer = { ...peer(toyServer(honoursAll)), loopback: false }
    expect((await outcome(far, { ...echoes, flood: true })).outcome).toBe('skipped')
    expect((await outcome(far, { ...echoes, flood: true }, { aggressive: true })).outcome).toBe('pass')
  })

  test('of a case with a beginning of its own needs the usual beginning to work too', async () => {
    // It answers `odd` as the case wants, but is not alive by the protocol's own measure.
    const oddOnly = answering(text => (text === 'odd' ? 'odd' : 'close'))
    expect((await outcome(oddOnly, { ...echoes, begin: [], steps: [say('odd'), hear('odd')] })).outcome).toBe('fail')
  })

  test('of an opening that is refused is for the case to judge', async () => {
    const secure = toyServer(honoursAll)
    const picky = peer({
      ...secure,
      secure(opening) {
        if (opening.tls?.maxVersion) throw new Refused('protocol version')
        return { version: 'TLSv1.3', cipher: '', alpn: undefined }
      },
    })
    const refused: Case<ToyTalk> = {
      ...echoes,
      begin: [],
      opening: { tls: { maxVersion: 'TLSv1.1' } },
      steps: [
        {
          says: 'expect to be refused',
          run: ({ channel }) => ({
            outcome: channel.refused ? 'pass' : 'fail',
            expected: 'refusal',
            came: channel.refused ?? 'none',
          }),
        },
      ],
    }
    expect(await outcome(picky, refused)).toMatchObject({ outcome: 'pass', came: 'protocol version' })
  })

  test('is crash when the subject dies of it, and the next case runs against it started anew', async () => {
    let deaths = 0
    const mortal = peer({
      connect: () =>
        endpoint(text => {
          if (text.includes('!')) throw new Error(`death ${++deaths}`)
          return text
        }),
    })
    const verdicts = await run([toySuite(bang, echoes)], mortal, options)
    expect(verdicts.map(verdict => verdict.outcome)).toEqual(['crash', 'pass'])
    expect(verdicts[0]?.came).toContain('death 1')
  })

  test('after a crash is error when the subject is not ours to start', async () => {
    const mortal = peer({
      connect: () =>
        endpoint(text => {
          if (text.includes('!')) throw new Error('dead')
          return text
        }),
    })
    const { revive: _, ...foreign } = mortal
    const verdicts = await run([toySuite(bang, echoes)], foreign, options)
    expect(verdicts.map(verdict => verdict.outcome)).toEqual(['crash', 'error'])
  })

  test('is unstable when repeats disagree', async () => {
    let connections = 0
    const moody = peer({
      connect: () => endpoint(++connections % 3 === 0 ? text => (text === 'hi' ? text : 'no') : text => text),
    })
    const verdict = await outcome(moody, echoes, { repeat: 4 })
    expect([verdict.outcome, verdict.repeats]).toEqual(['unstable', ['pass', 'pass', 'fail', 'pass']])
    expect(verdict.came).toBe('no')
  })

  test('comes in bounded time and memory from a subject that sends for ever', async () => {
    const endless: Peer = {
      ...peer(toyServer(honoursAll)),
      open: async () => {
        let now = 0
        const nothing = { address: '', port: 0 }
        return {
          send() {},
          end() {},
          destroy() {},
          receive: async () => ({ kind: 'octets', octets: Buffer.alloc(1 << 16, 'hi') }),
          now: () => now++,
          local: nothing,
          remote: nothing,
        }
      },
    }
    const listening: Case<ToyTalk> = {
      ...echoes,
      begin: [],
      steps: [
        {
          says: 'listen to the end',
          async run(talk) {
            while ((await talk.hear()) !== '<eof>');
            return { outcome: 'pass', expected: 'an end', came: 'an end' }
          },
        },
      ],
    }
    // The usual beginning fails at once; the case itself is what is tried here.
    const suite = {
      ...toySuite(listening),
      protocol: { ...toySuite().protocol, begin: () => [{ says: '', run: () => ok }] },
    }
    const [verdict] = await run([suite], endless, options)
    expect([verdict?.outcome, verdict?.came]).toEqual([
      'fail',
      `it sent more than ${TALK_DEFAULTS.octetLimit} octets without an end`,
    ])
    expect(JSON.stringify(verdict?.transcript).length).toBeLessThan(1 << 20)
  })
})

const ok = { outcome: 'pass', expected: '', came: '' } as const

describe('a run', () => {
  test('gives the same verdicts in the same order whatever runs side by side', async () => {
    const cases = Array.from({ length: 20 }, (_, index) => ({ ...echoes, when: `word ${index} comes` }))
    const alone = await run([toySuite(...cases)], peer(toyServer(honoursAll)), options)
    const together = await run([toySuite(...cases)], peer(toyServer(honoursAll)), { ...options, concurrency: 7 })
    expect(together).toEqual(alone)
  })

  test('stops when told to, and returns what was judged', async () => {
    const controller = new AbortController()
    const cases = Array.from({ length: 5 }, (_, index) => ({ ...echoes, when: `word ${index} comes` }))
    const verdicts = await run([toySuite(...cases)], peer(toyServer(honoursAll)), {
      ...options,
      signal: controller.signal,
      onVerdict: (_verdict, done) => done === 2 && controller.abort(),
    })
    expect(verdicts).toHaveLength(2)
  })

  test('takes only the cases asked for', async () => {
    const only = (id: string) => id.includes('shouted')
    const verdicts = await run([toySuite(echoes, bang)], peer(toyServer(honoursAll)), { ...options, only })
    expect(verdicts.map(verdict => verdict.rule)).toEqual([rules.refusesBang.id])
  })
})

describe('a proof', () => {
  test('holds when the conforming machine passes and the deviant does not', async () => {
    for (const entry of [echoes, bang]) {
      expect(await prove(toySuite(entry), entry, memoryPeer)).toMatchObject({ proven: true })
    }
  })

  test('does not hold for a case that passes whoever is asked', async () => {
    const blind = { ...bang, steps: [say('hey!'), { says: 'listen', run: () => ok }] }
    const proof = await prove(toySuite(blind), blind, memoryPeer)
    expect([proof.proven, proof.because]).toEqual([false, 'the deviant is not caught: pass, expected , came '])
  })

  test('does not hold for a case that our own machine fails', async () => {
    const wrong = { ...echoes, steps: [say('word'), hear('WORD')] }
    expect((await prove(toySuite(wrong), wrong, memoryPeer)).because).toMatch(/conforming machine does not pass/)
  })
})
