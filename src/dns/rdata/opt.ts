import fc from 'fast-check'
import type { Codec } from '../../wire/codec.ts'
import { writeField } from '../../wire/combinators.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'
import { TYPE } from '../mnemonics.ts'
import { TextError } from '../tokens.ts'
import { type RdataType, u16 } from './field.ts'

/** One EDNS option; what its data mean is `edns-options.ts`. RFC 6891 §6.1.2 */
export interface Option {
  readonly code: number
  readonly data: Uint8Array
}

const data = { read: (reader: Reader) => reader.take(reader.u16()) }

const option: Codec<Option> = {
  read: reader => ({ code: reader.field('code', u16), data: reader.field('data', data) }),
  write(writer, { code, data }) {
    writer.u16(code)
    writer.u16(data.length)
    writer.octets(data)
  },
  any: fc.record({ code: u16.any, data: fc.uint8Array({ maxLength: 24 }) }),
}

/** Options up to the end. RFC 6891 §6.1.2 */
export const optionList: Codec<readonly Option[]> = {
  read(reader) {
    const options: Option[] = []
    while (reader.remaining > 0) options.push(reader.field(options.length, option))
    return options
  },
  write(writer, options) {
    for (let i = 0; i < options.length; i++) writeField(writer, i, option, options[i] as Option)
  },
  any: fc.array(option.any, { maxLength: 4 }),
}

/** RFC 6891 §6.1.2. It stands in no master file. */
export const OPT: RdataType<{ readonly options: readonly Option[] }> = {
  type: TYPE.OPT,
  read: reader => ({ options: reader.field('options', optionList) }),
  write: (writer: Writer, { options }) => writeField(writer, 'options', optionList, options),
  any: fc.record({ options: optionList.any }),
  toText: ({ options }) => options.map(({ code, data }) => `${code}:${Buffer.from(data).toString('hex')}`).join(' '),
  fromText() {
    throw new TextError('OPT stands in no master file')
  },
}
