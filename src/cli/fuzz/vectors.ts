import { loadVectors } from '../../vectors.ts'
import { hex } from '../../wire/hex.ts'

/** The octets of all vectors of a codec. */
export function codecVectors(codec: string): Uint8Array[] {
  return [...loadVectors().values()]
    .flatMap(({ groups }) => groups)
    .filter(group => group.codec === codec)
    .flatMap(({ vectors }) => vectors.map(({ octets }) => hex(octets)))
}
