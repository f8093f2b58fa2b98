import fc from 'fast-check'
import { many, sized, struct } from '../../wire/combinators.ts'
import { uint16 } from '../../wire/integers.ts'
import { TYPE } from '../mnemonics.ts'
import { TextError } from '../tokens.ts'
import type { RdataType } from './field.ts'
import { hexRest } from './field.ts'

/** One EDNS option; what its data mean is `edns-options.ts`. RFC 6891 §6.1.2 */
export interface Option {
  readonly code: number
  readonly data: Uint8Array
}

const option = struct<Option>({ code: uint16, data: sized(uint16, hexRest) })
const list = struct<{ readonly options: readonly Option[] }>({
  options: { ...many(option), any: fc.array(option.any, { maxLength: 4 }) },
})

/** RFC 6891 §6.1.2. It stands in no master file. */
export const OPT: RdataType<{ readonly options: readonly Option[] }> = {
  type: TYPE.OPT,
  ...list,
  toText: ({ options }) => options.map(({ code, data }) => `${code}:${Buffer.from(data).toString('hex')}`).join(' '),
  fromText() {
    throw new TextError('OPT stands in no master file')
  },
}
