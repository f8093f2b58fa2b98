import { expect, it } from 'vitest'
import { hex, toHex } from '../../wire/hex.ts'
import { withValue } from './replace.ts'

it('puts a value where nothing was, and has the lengths around it say so', () => {
  // CONNECT of MQTT, with no name of a protocol, and what is no packet behind it.
  const place = { input: hex('100200007fff'), lengths: [] }
  const tried = [...withValue(place, '', 'MQTT')].map(octets => toHex(octets))
  expect(tried).toContain('100200007fff4d515454')
  expect(tried).toContain('100200044d5154547fff')
  expect(tried).toContain('100600044d5154547fff')
})

it('puts a longer value in the place of another, at the end of what two lengths count', () => {
  const place = { input: hex('0201617f'), lengths: [] }
  expect([...withValue(place, 'a', 'bcd')].map(octets => toHex(octets))).toContain('04036263647f')
})
