import { describe, expect, it } from 'vitest'
import { edns, optionOf, optRecord } from './edns.ts'
import { framed } from './framing.ts'
import { encodeMessage } from './message.ts'
import { CLASS, OPTION, RCODE, TYPE } from './mnemonics.ts'
import { STUB_LIMITS } from './stub/options.ts'
import { a, answerTo, chance, cname, record, soa, World } from './stub/world.fixture.ts'

const WWW = 'www.example.test.'
const good = { answers: [a(WWW, '192.0.2.1')] }
const addresses = (world: World): unknown =>
  world.said?.kind === 'answer' ? world.said.records.map(({ data }) => data) : world.said

describe('a look-up', () => {
  it('asks by a query of one question, and gives what is answered', () => {
    const world = new World()
    world.ask(WWW)
    expect(world.last).toMatchObject({ transport: 'udp', server: 0 })
    expect(world.last.query).toMatchObject({
      qr: false,
      rd: true,
      questions: [{ name: WWW, type: TYPE.A, class: CLASS.IN }],
    })
    expect(edns(world.last.query)).toMatchObject({ size: 1232, version: 0 })
    world.answer(good)
    expect(world.said).toMatchObject({ kind: 'answer', name: WWW, ttl: 300 })
    expect(addresses(world)).toEqual([{ address: '192.0.2.1' }])
    expect(world.closed).toEqual([world.last.flow])
    expect(world.resolver.deadline).toBeUndefined()
  })

  it('asks each server in turn, with twice the patience in each round, then gives up', () => {
    const world = new World({ servers: 2, timeout: 1000 })
    world.ask(WWW)
    const times: number[] = []
    while (world.events.length === 0) {
      world.pass()
      times.push(world.now)
    }
    expect(world.asked.map(({ server }) => server)).toEqual([0, 1, 0, 1])
    expect(times).toEqual([1000, 2000, 4000, 6000])
    expect(world.said).toEqual({ kind: 'failure', why: 'TIMEOUT' })
    expect(new Set(world.asked.map(({ query }) => query.id)).size).toBe(4)
  })

  it('asks once for what many want, and remembers it for as long as it holds', () => {
    const world = new World()
    world.ask(WWW)
    world.ask('WWW.example.TEST.')
    expect(world.asked).toHaveLength(1)
    world.answer(good)
    expect(world.events).toHaveLength(2)
    world.now = 299_000
    world.ask(WWW)
    expect(world.said).toMatchObject({ kind: 'answer', ttl: 1 })
    world.now = 300_000
    world.ask(WWW)
    expect(world.asked).toHaveLength(2)
  })

  it('is not misled by what is no response to it', () => {
    const world = new World()
    world.ask(WWW)
    const evil = { answers: [a(WWW, '192.0.2.66')] }
    const { id, questions } = world.last.query
    const [question] = questions
    if (!question) throw new Error('no question')
    world.answer({ ...evil, id: id ^ 1 })
    world.answer({ ...evil, qr: false })
    world.answer({ ...evil, opcode: 4 })
    world.answer({ ...evil, questions: [] })
    world.answer({ ...evil, questions: [question, question] })
    for (const other of [{ name: 'other.test.' }, { type: TYPE.AAAA }, { class: CLASS.CH }]) {
      world.answer({ ...evil, questions: [{ ...question, ...other }] })
    }
    for (const octets of [new Uint8Array(0), new Uint8Array(11), new Uint8Array(12)]) world.give(octets)
    expect(world.events).toEqual([])
    expect(world.asked).toHaveLength(1)
    world.answer(good)
    expect(addresses(world)).toEqual([{ address: '192.0.2.1' }])
  })

  it('goes over to TCP when somebody keeps guessing', () => {
    const world = new World()
    world.ask(WWW)
    for (let i = 0; i < STUB_LIMITS.strangers; i++) world.answer({ ...good, id: world.last.query.id ^ 1 })
    expect(world.last.transport).toBe('tcp')
  })

  it('mixes case where it is told so, and wants it back', () => {
    const world = new World({ mixedCase: true })
    world.ask(WWW)
    const [question] = world.last.query.questions
    expect(question?.name).not.toBe(WWW)
    expect(question?.name.toLowerCase()).toBe(WWW)
    world.answer({ answers: [a(WWW, '192.0.2.66')], questions: [{ name: WWW, type: TYPE.A, class: CLASS.IN }] })
    expect(world.events).toEqual([])
    expect(world.last).toMatchObject({ transport: 'tcp', server: 0 })
    world.answer({ ...good, questions: [{ name: WWW, type: TYPE.A, class: CLASS.IN }] })
    expect(addresses(world)).toEqual([{ address: '192.0.2.1' }])
    world.ask('other.test.')
    world.answer({ answers: [a('other.test.', '192.0.2.2')] })
    expect(addresses(world)).toEqual([{ address: '192.0.2.2' }])
  })
})

describe('servers of no use', () => {
  it.each([
    ['a failure', { rcode: RCODE.SERVFAIL }],
    ['a refusal', { rcode: RCODE.REFUSED }],
    ['a referral', { ra: false, authority: [record('test.', TYPE.NS, { name: 'ns.test.' })] }],
    ['an upward referral', { authority: [record('.', TYPE.NS, { name: 'a.root-servers.net.' })] }],
    ['nothing, without recursion', { ra: false }],
    ['an extended error', { ...good, additional: [optRecord({ extendedRcode: 1 })] }],
  ])('are left after %s', (_, response) => {
    const world = new World({ servers: 2 })
    world.ask(WWW)
    world.answer(response)
    expect(world.last.server).toBe(1)
    world.answer(good)
    expect(world.said?.kind).toBe('answer')
  })

  it('are left after what cannot be read, and where nobody is', () => {
    for (const octets of ['refused', 'garbage'] as const) {
      const world = new World({ servers: 2 })
      world.ask(WWW)
      if (octets === 'refused') world.give(octets)
      else {
        const whole = encodeMessage(answerTo(world.last.query, good))
        world.give(whole.subarray(0, whole.length - 1))
      }
      expect(world.last.server).toBe(1)
    }
  })

  it('are asked no more than so often, whatever they say', () => {
    for (const response of [{ tc: true }, { rcode: RCODE.FORMERR }]) {
      const world = new World({ servers: 3, rounds: 5 })
      world.ask(WWW)
      while (world.events.length === 0) world.answer(response)
      expect(world.asked.length).toBeLessThanOrEqual(STUB_LIMITS.queries)
      expect(world.said?.kind).toBe('failure')
    }
  })
})

describe('what was cut', () => {
  it('is asked for over TCP, in pieces or not', () => {
    const world = new World()
    world.ask(WWW)
    world.answer({ tc: true, answers: [a(WWW, '192.0.2.66')] })
    expect(world.last.transport).toBe('tcp')
    const whole = framed(encodeMessage(answerTo(world.last.query, good)))
    for (const octet of whole) world.raw(Uint8Array.of(octet))
    expect(addresses(world)).toEqual([{ address: '192.0.2.1' }])
  })

  it('is asked for again when the connection ends first', () => {
    for (const end of ['eof', 'refused'] as const) {
      const world = new World({ servers: 2 })
      world.ask(WWW)
      world.answer({ tc: true })
      world.give(end)
      expect(world.last).toMatchObject({ transport: 'udp', server: 1 })
    }
  })

  it('comes among messages that are not ours', () => {
    const world = new World({ transport: 'tcp' })
    world.ask(WWW)
    const { query } = world.last
    const other = framed(encodeMessage(answerTo({ ...query, id: query.id ^ 1 }, { answers: [a(WWW, '192.0.2.66')] })))
    const ours = framed(encodeMessage(answerTo(query, good)))
    world.raw(Buffer.concat([Uint8Array.of(0, 0), other, ours, other]))
    expect(addresses(world)).toEqual([{ address: '192.0.2.1' }])
  })
})

describe('connections', () => {
  it('are shared by questions, whose responses may come in any order, in one segment or not', () => {
    const world = new World({ transport: 'tls' })
    for (const name of ['a.test.', 'b.test.', 'c.test.']) world.ask(name)
    expect(new Set(world.asked.map(({ flow }) => flow)).size).toBe(1)
    expect(new Set(world.asked.map(({ query }) => query.id)).size).toBe(3)
    const [first, second, third] = world.asked.map(({ query }) =>
      framed(encodeMessage(answerTo(query, { answers: [a(query.questions[0]?.name ?? '', '192.0.2.1')] }))),
    )
    if (!first || !second || !third) throw new Error('three were asked')
    world.raw(Buffer.concat([third, second.subarray(0, 5)]))
    world.raw(Buffer.concat([second.subarray(5), first]))
    expect(world.events.map(({ request }) => request)).toEqual([3, 2, 1])
    expect(world.events.every(({ resolution }) => resolution.kind === 'answer')).toBe(true)
  })

  it('are kept for the next question, and closed when none comes', () => {
    const world = new World({ transport: 'tcp', idle: 5000 })
    world.ask('a.test.')
    world.answer({ answers: [a('a.test.', '192.0.2.1')] })
    world.now = 4000
    world.ask('b.test.')
    expect(world.asked[1]?.flow).toBe(world.asked[0]?.flow)
    world.answer({ answers: [a('b.test.', '192.0.2.1')] })
    expect(world.closed).toEqual([])
    expect(world.resolver.deadline).toBe(9000)
    world.pass()
    expect(world.closed).toEqual([world.last.flow])
    expect(world.resolver.deadline).toBeUndefined()
  })

  it('that end when they are used again are replaced, and the server is not blamed', () => {
    const world = new World({ transport: 'tcp', servers: 2 })
    world.ask('a.test.')
    world.answer({ answers: [a('a.test.', '192.0.2.1')] })
    world.ask('b.test.')
    world.give('eof')
    expect(world.last.server).toBe(0)
    expect(world.last.flow).not.toBe(world.asked[0]?.flow)
    world.give('eof')
    expect(world.last.server).toBe(1)
  })

  it('over which nothing came in time are not used again', () => {
    const world = new World({ transport: 'tcp' })
    world.ask('a.test.')
    world.pass()
    expect(new Set(world.asked.map(({ flow }) => flow)).size).toBe(2)
    expect(world.closed).toEqual([world.asked[0]?.flow])
  })
})

describe('aliases', () => {
  it('lead to the answer, in whatever order they stand, and in each case', () => {
    const world = new World()
    world.ask(WWW)
    world.answer({
      answers: [
        a('END.test.', '192.0.2.1', 50),
        cname('b.test.', 'end.TEST.', 40),
        cname('WWW.Example.test.', 'B.test.'),
      ],
    })
    expect(world.said).toMatchObject({ kind: 'answer', name: 'end.TEST.', ttl: 40 })
  })

  it('by DNAME lead below another name. RFC 6672 §2.2', () => {
    const world = new World()
    world.ask(WWW)
    world.answer({
      answers: [record('example.test.', TYPE.DNAME, { target: 'other.test.' }), a('www.other.test.', '192.0.2.1')],
    })
    expect(world.said).toMatchObject({ kind: 'answer', name: 'www.other.test.' })
  })

  it('whose end is not told are asked for', () => {
    const world = new World()
    world.ask(WWW)
    world.answer({ answers: [cname(WWW, 'b.test.', 7)] })
    expect(world.last.query.questions[0]?.name).toBe('b.test.')
    world.answer({ answers: [a('b.test.', '192.0.2.1')] })
    expect(world.said).toMatchObject({ kind: 'answer', name: 'b.test.', ttl: 7, aliases: [{ name: WWW }] })
  })

  it('that lead nowhere end', () => {
    const world = new World()
    world.ask(WWW)
    world.answer({ answers: [cname(WWW, 'b.test.'), cname('b.test.', WWW)] })
    expect(world.said).toEqual({ kind: 'failure', why: 'LOOP' })
    for (let turn = 0; world.events.length < 2; turn++) {
      if (turn === 0) world.ask('0.test.')
      world.answer({ answers: [cname(`${turn}.test.`, `${turn + 1}.test.`)] })
    }
    expect(world.said?.kind).toBe('failure')
  })

  it('do not make records of other names the answer', () => {
    const world = new World()
    world.ask(WWW)
    world.answer({
      answers: [a('other.test.', '192.0.2.66'), { ...a(WWW, '192.0.2.66'), class: CLASS.CH, data: Uint8Array.of(1) }],
      authority: [soa('test.')],
    })
    expect(world.said).toMatchObject({ kind: 'negative', why: 'NODATA' })
  })
})

describe('negative answers', () => {
  it('are kept for the lower of TTL and MINIMUM, and NXDOMAIN for all names below. RFC 2308 §5, RFC 8020 §2', () => {
    const world = new World()
    world.ask(WWW)
    world.answer({ rcode: RCODE.NXDOMAIN, authority: [soa('test.', 60, 30)] })
    expect(world.said).toMatchObject({ kind: 'negative', why: 'NXDOMAIN', ttl: 30 })
    world.now = 29_000
    world.ask(`a.b.${WWW}`, TYPE.MX)
    expect(world.said).toMatchObject({ why: 'NXDOMAIN', name: `a.b.${WWW}`, ttl: 1 })
    expect(world.asked).toHaveLength(1)
    world.now = 30_000
    world.ask(WWW)
    expect(world.asked).toHaveLength(2)
  })

  it('about one type say nothing of others, and without SOA are not kept', () => {
    const world = new World()
    world.ask(WWW)
    world.answer({ authority: [soa('test.')] })
    expect(world.said).toMatchObject({ why: 'NODATA' })
    world.ask(WWW, TYPE.AAAA)
    world.answer({})
    expect(world.said).toMatchObject({ why: 'NODATA', ttl: 0 })
    world.ask(WWW, TYPE.AAAA)
    expect(world.asked).toHaveLength(3)
  })

  it('with aliases are about the last of them. RFC 6604 §3', () => {
    const world = new World()
    world.ask(WWW)
    world.answer({ rcode: RCODE.NXDOMAIN, answers: [cname(WWW, 'b.test.')], authority: [soa('test.')] })
    expect(world.said).toMatchObject({ why: 'NXDOMAIN', name: 'b.test.' })
    world.ask(`below.${WWW}`)
    expect(world.asked).toHaveLength(2)
  })
})

describe('times to live', () => {
  it('count as zero with the highest bit set. RFC 2181 §8', () => {
    const world = new World()
    world.ask(WWW)
    world.answer({ answers: [a(WWW, '192.0.2.1', 0x80000001)] })
    expect(world.said).toMatchObject({ kind: 'answer', ttl: 0 })
    world.ask(WWW)
    expect(world.asked).toHaveLength(2)
  })

  it('are bounded, and so is what is kept', () => {
    const world = new World({ limits: { ...STUB_LIMITS, cached: 2, ttl: 10 } })
    for (const name of ['a.test.', 'b.test.', 'c.test.']) {
      world.ask(name)
      world.answer({ answers: [a(name, '192.0.2.1', 0x7fffffff)] })
    }
    expect(world.resolver.cache.size).toBe(2)
    world.ask('c.test.')
    expect(world.said).toMatchObject({ ttl: 10 })
    world.ask('a.test.')
    expect(world.asked).toHaveLength(4)
  })
})

describe('EDNS', () => {
  it('is left out for a server that does not know it, and for as long. RFC 6891 §7', () => {
    const world = new World({ servers: 2 })
    world.ask(WWW)
    world.answer({ rcode: RCODE.FORMERR, questions: [] })
    expect(world.last.server).toBe(0)
    expect(edns(world.last.query)).toBeUndefined()
    world.answer(good)
    world.ask('other.test.')
    expect(edns(world.last.query)).toBeUndefined()
    world.answer({ rcode: RCODE.SERVFAIL })
    expect(edns(world.last.query)).toBeDefined()
  })

  it('is no way out for a server that knows it and still answers FORMERR', () => {
    const world = new World({ servers: 2 })
    world.ask(WWW)
    world.answer({ rcode: RCODE.FORMERR, additional: [optRecord()] })
    expect(world.last.server).toBe(1)
  })

  it('may stand anywhere, and have options that nobody knows', () => {
    const world = new World()
    world.ask(WWW)
    const unknown = { code: 65001, data: Uint8Array.of(1, 2, 3) }
    world.answer({ ...good, additional: [optRecord({ options: [unknown] }), a('other.test.', '192.0.2.2')] })
    expect(world.said?.kind).toBe('answer')
  })
})

describe('cookies', () => {
  const cookieOf = (world: World) => optionOf(edns(world.last.query)?.options ?? [], OPTION.COOKIE) as Uint8Array
  const withCookie = (data: Uint8Array, more = {}) => ({
    additional: [optRecord({ options: [{ code: OPTION.COOKIE, data }], ...more })],
  })

  it('are eight octets of chance for each server, and come back with its own. RFC 7873 §5', () => {
    const world = new World({ servers: 2 })
    world.ask(WWW)
    const first = cookieOf(world)
    expect(first).toHaveLength(8)
    const whole = Uint8Array.of(...first, 1, 2, 3, 4, 5, 6, 7, 8)
    world.answer({ ...good, ...withCookie(whole) })
    world.ask('other.test.')
    expect(cookieOf(world)).toEqual(whole)
    world.answer({ ...good, rcode: RCODE.SERVFAIL, ...withCookie(whole) })
    expect(cookieOf(world)).toHaveLength(8)
    expect(cookieOf(world)).not.toEqual(first)
  })

  it('that are not ours, or of no length, or not there when they should be, are of a forger', () => {
    const world = new World()
    world.ask(WWW)
    const ours = cookieOf(world)
    const evil = { answers: [a(WWW, '192.0.2.66')] }
    for (const data of [new Uint8Array(16), ours.subarray(0, 7), Uint8Array.of(...ours, 1), new Uint8Array(41)]) {
      world.answer({ ...evil, ...withCookie(data) })
    }
    expect(world.events).toEqual([])
    world.answer({ ...good, ...withCookie(Uint8Array.of(...ours, ...new Uint8Array(8))) })
    expect(addresses(world)).toEqual([{ address: '192.0.2.1' }])
    world.ask('other.test.')
    world.answer({ answers: [a('other.test.', '192.0.2.66')] })
    expect(world.events).toHaveLength(1)
  })

  it('are sent again after BADCOOKIE, and then TCP is used', () => {
    const world = new World()
    world.ask(WWW)
    const whole = Uint8Array.of(...cookieOf(world), 1, 2, 3, 4, 5, 6, 7, 8)
    const bad = { rcode: 7, ...withCookie(whole, { extendedRcode: 1 }) }
    world.answer(bad)
    expect(world.last.transport).toBe('udp')
    expect(cookieOf(world)).toEqual(whole)
    world.answer(bad)
    expect(world.last.transport).toBe('tcp')
    world.answer({ ...good, ...withCookie(whole) })
    expect(world.said?.kind).toBe('answer')
  })
})

describe('relative names', () => {
  it('are searched for, and the first that has an answer is meant. RFC 1123 §6.1.4.3', () => {
    const world = new World({ search: ['one.test.', 'two.test.'], ndots: 2 })
    world.ask('www.x')
    world.answer({ rcode: RCODE.NXDOMAIN })
    world.answer({ answers: [a('www.x.two.test.', '192.0.2.1')] })
    expect(world.asked.map(({ query }) => query.questions[0]?.name)).toEqual(['www.x.one.test.', 'www.x.two.test.'])
    expect(world.said).toMatchObject({ kind: 'answer', name: 'www.x.two.test.' })
  })

  it('with enough dots are tried as they stand first; and data of another type beat no name at all', () => {
    const world = new World({ search: ['one.test.'] })
    world.ask('www.x')
    world.answer({ authority: [soa('x.')] })
    world.answer({ rcode: RCODE.NXDOMAIN, authority: [soa('test.')] })
    expect(world.asked.map(({ query }) => query.questions[0]?.name)).toEqual(['www.x.', 'www.x.one.test.'])
    expect(world.said).toMatchObject({ kind: 'negative', why: 'NODATA', name: 'www.x.' })
  })
})

describe('chance', () => {
  it('that is none does not hold a question up', () => {
    const world = new World({ entropy: octets => new Uint8Array(octets) })
    for (const name of ['a.test.', 'b.test.']) world.ask(name)
    expect(world.asked).toHaveLength(2)
  })

  it('alone decides identifiers', () => {
    const ids = (seed: number) => {
      const world = new World({ entropy: chance(seed), limits: { ...STUB_LIMITS, cached: 0 } })
      for (let i = 0; i < 8; i++) world.ask(`${i}.test.`)
      return world.asked.map(({ query }) => query.id)
    }
    expect(ids(1)).toEqual(ids(1))
    expect(ids(1)).not.toEqual(ids(2))
    expect(new Set(ids(3)).size).toBeGreaterThan(6)
  })
})
