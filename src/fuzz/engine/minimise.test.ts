import { expect, it } from 'vitest'
import { minimise } from './minimise.ts'

const text = (input: Uint8Array) => Buffer.from(input).toString('latin1')

it('keeps what is asked for and little else', async () => {
  const input = Buffer.from(`${'x'.repeat(300)}needle${'y'.repeat(200)}point`)
  const smallest = await minimise(input, some => /needle.*point/s.test(text(some)))
  expect(text(smallest)).toBe('needlepoint')
})

it('makes octets small', async () => {
  const smallest = await minimise(Uint8Array.of(200, 100, 50), async ([a = 0, b = 0]) => a + b > 149)
  expect([...smallest]).toEqual([150])
})

it('leaves alone what does not keep it', async () => {
  const input = Uint8Array.of(1, 2)
  expect(await minimise(input, () => false)).toBe(input)
})
