import { describe, expect, it } from 'vitest'
import { arrivals, inputOf, piecesOf } from '../targets/pieces.ts'
import { minimise, minimisePieces } from './minimise.ts'

const budget = { tries: 10_000, stopped: () => false }
const octets = (...list: number[]) => Uint8Array.from(list)

describe('minimise', () => {
  it('leaves what is needed, wherever it stands, and makes the rest plain', async () => {
    const input = Uint8Array.from({ length: 250 }, (_, i) => i)
    const needs = async (left: Uint8Array) => left.includes(7) && left.includes(200) && left.length >= 3
    const minimal = await minimise(input, needs, budget)
    expect([...minimal].filter(octet => octet !== 0)).toEqual([7, 200])
    expect(minimal).toHaveLength(3)
  })

  it('tries no more than it may', async () => {
    let tries = 0
    const keeps = async () => ++tries > 0 && false
    expect(await minimise(new Uint8Array(1000), keeps, { ...budget, tries: 10 })).toHaveLength(1000)
    expect(tries).toBe(10)
    expect(await minimise(octets(1), keeps, { ...budget, stopped: () => true })).toEqual(octets(1))
    expect(tries).toBe(10)
  })

  it('leaves out whole pieces first, then octets within those that are left', async () => {
    const input = inputOf([
      ...piecesOf(arrivals(octets(1, 2, 3), octets(4, 5, 6))),
      { kind: 'time', stride: 3, flow: 0 },
      ...piecesOf(arrivals(octets(7, 8, 9))),
    ])
    const needs = async (left: Uint8Array) => {
      const pieces = piecesOf(left)
      return pieces.some(piece => piece.kind === 'octets' && piece.octets.includes(5) && piece.octets.includes(6))
    }
    expect(await minimisePieces(input, needs, budget)).toEqual(arrivals(octets(5, 6)))
  })
})
