import { describe, expect, test } from 'vitest'
import { hex } from '../wire/hex.ts'
import { TYPE } from './mnemonics.ts'
import { asked, said, smallServer } from './stream.fixture.ts'

const www = (id: number) => asked('www.', TYPE.A, { id })
const ids = (all: readonly { readonly id: number }[]) => all.map(({ id }) => id)

describe('a connection', () => {
  test('answers what comes in one piece, in many, and several at once', () => {
    const endpoint = smallServer().connect()
    endpoint.receive(www(1), 0)
    expect(ids(said(endpoint).messages)).toEqual([1])
    for (const octet of www(2)) endpoint.receive(Uint8Array.of(octet), 0)
    expect(ids(said(endpoint).messages)).toEqual([2])
    endpoint.receive(Buffer.concat([www(3), www(4), www(5)]), 0)
    expect(said(endpoint)).toMatchObject({ messages: [{ id: 3 }, { id: 4 }, { id: 5 }], closed: false })
  })

  // RFC 7766 §6.2.3: the idle time begins anew with a whole message, and not with a part of one.
  test('is closed after it has been idle, however busily parts of a message come', () => {
    const endpoint = smallServer({ limits: { idle: 1000 } }).connect()
    expect(endpoint.deadline).toBeLessThanOrEqual(5000)
    endpoint.tick(5000)
    expect(endpoint.deadline).toBe(6000)
    endpoint.receive(www(1), 5900)
    said(endpoint)
    expect(endpoint.deadline).toBe(6900)
    endpoint.receive(www(2).subarray(0, 5), 6800)
    expect(endpoint.deadline).toBe(6900)
    endpoint.tick(6899)
    expect(said(endpoint).closed).toBe(false)
    endpoint.tick(6900)
    expect(said(endpoint).closed).toBe(true)
    expect(endpoint.deadline).toBeUndefined()
  })

  test('is closed when nothing ever comes', () => {
    const endpoint = smallServer({ limits: { idle: 1000 } }).connect()
    endpoint.tick(70_000)
    endpoint.tick(71_000)
    expect(said(endpoint).closed).toBe(true)
  })

  // RFC 7766 §6.1
  test('is closed when the client has ended its side, with all answers before that', () => {
    const endpoint = smallServer().connect()
    endpoint.receive(Buffer.concat([www(1), www(2), hex('0030')]), 0)
    endpoint.receive('eof', 0)
    const { messages, closed } = said(endpoint)
    expect(ids(messages)).toEqual([1, 2])
    expect(closed).toBe(true)
  })

  test.each([['0000'], ['0003aabbcc']])('is closed by a message that has no header: %s', octets => {
    const endpoint = smallServer().connect()
    endpoint.receive(hex(octets), 0)
    expect(said(endpoint)).toEqual({ messages: [], closed: true })
  })

  test('makes no more answers at once than it may have unsent', () => {
    const endpoint = smallServer({ limits: { unsent: 4000 } }).connect()
    endpoint.receive(Buffer.concat(Array.from({ length: 50 }, (_, id) => asked('long.', TYPE.TXT, { id }))), 0)
    const all: number[] = []
    for (let i = 0; i < 50 && all.length < 50; i++) {
      const { messages } = said(endpoint)
      expect(messages.length).toBeLessThan(7)
      all.push(...ids(messages))
      endpoint.tick(0)
    }
    expect(all).toEqual(Array.from({ length: 50 }, (_, id) => id))
  })

  // RFC 7766 §7
  test('does not keep short answers waiting for a transfer', () => {
    const endpoint = smallServer().connect()
    endpoint.receive(Buffer.concat([asked('', TYPE.AXFR, { id: 1 }), www(2)]), 0)
    expect(ids(said(endpoint).messages)).toEqual([1, 2])
  })

  test('that is told to leave answers first what has come', () => {
    const endpoint = smallServer().connect()
    endpoint.receive(www(1), 0)
    endpoint.shutdown?.(0)
    const { messages, closed } = said(endpoint)
    expect(ids(messages)).toEqual([1])
    expect(closed).toBe(true)
  })
})
