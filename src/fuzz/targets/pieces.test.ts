import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SeededChance } from '../chance.ts'
import { arrivals, inputOf, LONGEST, mutatePieces, type Piece, piecesOf } from './pieces.ts'

const anyPiece: fc.Arbitrary<Piece> = fc.oneof(
  fc.record({ kind: fc.constant('octets' as const), octets: fc.uint8Array({ maxLength: 300, size: 'max' }) }),
  fc.record({ kind: fc.constant('time' as const), stride: fc.nat({ max: 63 }), flow: fc.nat({ max: 255 }) }),
  fc.record({ kind: fc.constant('end' as const), how: fc.nat({ max: 63 }), flow: fc.nat({ max: 255 }) }),
)

describe('pieces of an input', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(anyPiece), pieces => {
        expect(piecesOf(inputOf(pieces))).toEqual(pieces)
      }),
      { seed: 4 },
    )
  })

  it('are made of any octets at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), input => {
        const again = inputOf(piecesOf(input))
        expect(piecesOf(again)).toEqual(piecesOf(input))
      }),
      { seed: 4 },
    )
  })

  it('hold more octets than one of them can', () => {
    const [first, second] = piecesOf(arrivals(new Uint8Array(LONGEST + 1)))
    expect(first).toMatchObject({ kind: 'octets', octets: { length: LONGEST } })
    expect(second).toMatchObject({ kind: 'octets', octets: { length: 1 } })
  })

  it('change without losing octets where they are only cut otherwise', () => {
    const chance = new SeededChance(1)
    const input = arrivals(Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 6))
    const kinds = new Set<string>()
    for (let i = 0; i < 200; i++) {
      const changed = mutatePieces(input, chance)
      if (changed)
        kinds.add(
          piecesOf(changed)
            .map(({ kind }) => kind)
            .join(' '),
        )
    }
    expect([...kinds]).toEqual(expect.arrayContaining(['octets', 'octets octets octets', 'octets time octets']))
  })
})
