import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Arrival, Channel } from '../conformance/channel.ts'
import { ignoring } from '../conformance/rule.ts'
import { judge } from '../differential/judge.ts'
import { runDifferential } from '../differential/run.ts'
import { anySmallZone } from './differential/any-zone.ts'
import { askMany } from './differential/ask-many.ts'
import { featureOf } from './differential/feature.ts'
import type { Line } from './differential/small-zone.ts'
import { BASE, loaded, smallZoneOf, zoneText } from './differential/small-zone.ts'
import { isValid, withoutInvalid } from './differential/valid-zone.ts'
import { questionFromText, questionsAbout, questionText } from './differential/zone-question.ts'
import { ownSubject, serverSubject } from './differential/zone-subject.ts'
import { dnsDifferential } from './differential.ts'
import { parseMasterFile } from './master-file.ts'
import { rfc1034, rfc4035, rfc4592, rfc6672 } from './rules.ts'
import { dnsServer } from './subject.ts'
import { zoneOf } from './zone.ts'

const SEED = 20_261_121

/** Lines of a master file. */
function lines(...texts: readonly string[]): Line[] {
  return texts.map(text => {
    const [owner = '', type = '', ...data] = text.split(' ')
    return { owner, ttl: 300, type, data: data.join(' ') }
  })
}

describe('a deviant of our own authority is found, and shown by a tiny zone', () => {
  it.each([
    ['takes wildcards from further up', rfc4592.wildcardFromClosestEncloser, 'rcode'],
    ['has no empty non-terminals', rfc4592.emptyNonTerminalExists, 'rcode'],
    ['makes no alias for DNAME', rfc6672.dnameSynthesizesAlias, 'answer'],
    ['answers below a cut', rfc1034.referralBelowCut, 'rcode'],
    ['tells no glue', rfc1034.glueInReferral, 'glue'],
    ['sends DS to the child', rfc4035.dsFromParent, 'aa'],
  ])(
    '%s',
    async (_, rule, aspect) => {
      const subjects = [ownSubject('one'), ownSubject('two'), ownSubject('deviant', ignoring(rule))]
      const { findings } = await runDifferential(dnsDifferential, subjects, { seed: SEED, scenes: 40, together: 40 })
      const found = findings.find(one => one.aspect === aspect)
      expect(found?.camps.map(({ subjects: names }) => names)).toEqual([['one', 'two'], ['deviant']])
      expect(found?.scene.lines.length).toBeLessThanOrEqual(BASE.length + 2)
      for (const { scene, id } of findings) expect(scene.lines.length, id).toBeLessThanOrEqual(BASE.length + 3)
    },
    30_000,
  )

  it('and it does not disagree with itself', async () => {
    const subjects = [ownSubject('one'), ownSubject('two')]
    expect(await runDifferential(dnsDifferential, subjects, { seed: SEED, scenes: 50 })).toMatchObject({ findings: [] })
  })
})

describe('small zones', () => {
  it('are taken by our own authority, and stay what they are under another name', () => {
    fc.assert(
      fc.property(anySmallZone, zone => {
        expect(isValid(zone.lines)).toBe(true)
        const own = smallZoneOf(loaded(zone, 'a.test.'))
        const again = zoneOf(parseMasterFile(zoneText(own, 'b.test.'), { file: 'zone' }))
        expect(smallZoneOf(again).lines).toEqual(own.lines)
        expect(new Set(own.lines.map(({ owner }) => owner))).toEqual(new Set(zone.lines.map(({ owner }) => owner)))
      }),
      { seed: SEED },
    )
  })

  it('have questions that can be typed, the same each time', () => {
    fc.assert(
      fc.property(anySmallZone, zone => {
        const questions = questionsAbout(zone)
        expect(questionsAbout(zone)).toEqual(questions)
        expect(questions.map(questionText).map(questionFromText)).toEqual(questions)
      }),
      { seed: SEED },
    )
  })

  it.each([
    [['a CNAME b', 'a A 192.0.2.1'], ['a CNAME b']],
    [['a A 192.0.2.1', 'A CNAME b'], ['a A 192.0.2.1']],
    [
      ['a DNAME b', 'a DNAME c', 'a NS x.', 'a A 192.0.2.1'],
      ['a DNAME b', 'a A 192.0.2.1'],
    ],
    [['a NS x.', 'a DNAME b'], ['a NS x.']],
    [['@ DS 1 8 2 00', '*.a NS x.', '* DNAME b'], []],
    [['a A 192.0.2.1', 'a A 192.0.2.1'], ['a A 192.0.2.1']],
  ])('what no zone may have is left out: %j', (all, kept) => {
    expect(withoutInvalid(lines(...all))).toEqual(lines(...kept))
  })
})

it.each([
  [['a A 192.0.2.1'], 'a A', 'data'],
  [['a A 192.0.2.1'], 'b A', 'missing'],
  [['b.a A 192.0.2.1'], 'a TXT', 'empty-non-terminal'],
  [['* CNAME a', 'a A 192.0.2.1'], 'q A', 'wildcard-cname>data'],
  [['* CNAME a'], 'q CNAME', 'wildcard (CNAME)'],
  [['a NS x.', 'b.a NS x.'], 'b.a DS', 'below-cut-occluded (DS)'],
  [['a DNAME x.'], 'b.a A', 'dname>elsewhere'],
  [['a DNAME b.a'], 'b.a A', 'endless'],
  [['a CNAME b', 'b CNAME a'], 'a A', 'endless'],
])('%j, %s: %s', (texts, question, feature) => {
  expect(featureOf({ lines: [...BASE, ...lines(...texts)] }, questionFromText(question))).toBe(feature)
})

describe('asking', () => {
  /** A channel whose other end answers what it is sent, later and in another order. */
  function echo(loses: (octets: Uint8Array) => boolean): Channel & { readonly sent: Uint8Array[] } {
    const sent: Uint8Array[] = []
    const waiting: Uint8Array[] = []
    return {
      sent,
      send(octets) {
        sent.push(octets)
        if (!loses(octets)) waiting.unshift(octets)
      },
      receive: (): Promise<Arrival> => {
        const octets = waiting.shift()
        return Promise.resolve(octets ? { kind: 'octets', octets } : { kind: 'silence' })
      },
      end() {},
      destroy() {},
      now: () => 0,
      local: { address: '', port: 0 },
      remote: { address: '', port: 0 },
    }
  }

  const query = (index: number, id: number): Uint8Array => Uint8Array.of(id >> 8, id & 0xff, index & 0xff)

  it('asks what was lost again, and brings answers into the order of questions', async () => {
    const lost = new Set<number>()
    const channel = echo(octets => octets[2] === 7 && !lost.has(7) && lost.add(7) !== undefined)
    const answers = await askMany(channel, 200, query, 10)
    expect(answers.map(octets => octets?.[2])).toEqual(Array.from({ length: 200 }, (_, i) => i))
    expect(channel.sent).toHaveLength(201)
  })

  it('has no answer to what is never answered', async () => {
    const answers = await askMany(
      echo(octets => octets[2] === 7),
      10,
      query,
      10,
    )
    expect(answers.map(octets => octets === undefined)).toEqual(Array.from({ length: 10 }, (_, i) => i === 7))
  })

  it('finds the question that a server dies of', async () => {
    let dead: string | undefined
    let started = 0
    const zone = { lines: [...BASE, ...lines('a A 192.0.2.1', 'b TXT "x"')] }
    const mortal = serverSubject('mortal', async files => {
      started++
      const zones = files.map(({ text }) => zoneOf(parseMasterFile(text, { file: 'zone' })))
      const server = dnsServer({ zones, secret: Buffer.alloc(16) })
      return {
        async open() {
          const endpoint = server.connect({ transport: 'udp' })
          const answers: Uint8Array[] = []
          return {
            ...echo(() => true),
            send(octets) {
              if (Buffer.from(octets).includes(Buffer.from([0, 16, 0, 1]), 12)) dead = 'killed by SIGSEGV'
              if (dead !== undefined) return
              endpoint.receive(octets, 0)
              answers.push(...(endpoint.transmit() as Uint8Array[]))
            },
            async receive() {
              const octets = answers.shift()
              return octets ? { kind: 'octets', octets } : { kind: 'silence' }
            },
          }
        },
        died: async () => dead,
        async revive() {
          dead = undefined
        },
        close: async () => {},
      }
    })
    const questions = ['b A', 'b TXT', 'a A'].map(questionFromText)
    const [found = []] = await judge(dnsDifferential, [ownSubject('ours'), mortal], [{ scene: zone, questions }])
    expect(found.map(({ id }) => id)).toEqual(['response/data/answered/mortal:crash'])
    expect(found[0]?.said[1]?.text).toBe('died: killed by SIGSEGV')
    expect(started).toBe(1)
  })
})
