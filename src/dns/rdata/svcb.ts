import fc from 'fast-check'
import type { Codec } from '../../wire/codec.ts'
import { many } from '../../wire/combinators.ts'
import { WireError } from '../../wire/errors.ts'
import { readWithin } from '../../wire/whole.ts'
import { Writer } from '../../wire/writer.ts'
import { TYPE } from '../mnemonics.ts'
import type { Name } from '../name.ts'
import { TextError, type Tokens } from '../tokens.ts'
import { type Field, plainName, type RdataType, rdataType, u16 } from './field.ts'
import * as param from './svcb-param.ts'

/** One parameter of a service. RFC 9460 §2.2 */
export interface SvcParameter {
  readonly key: number
  /**
   * Keys for `mandatory` (0), IDs for `alpn` (1), null for `no-default-alpn` (2), a number for `port` (3), addresses
   * for `ipv4hint` (4) and `ipv6hint` (6); octets for `ech` (5) and all other keys. Octets are written as they are for
   * any key.
   */
  readonly value: param.SvcValue
}

const parameter: Codec<SvcParameter> = {
  read(reader) {
    const key = reader.field('key', u16)
    const length = reader.u16()
    return { key, value: reader.field('value', { read: () => readWithin(reader, length, param.svcParam(key)) }) }
  },
  write(writer, { key, value }) {
    const inner = new Writer()
    if (value instanceof Uint8Array) inner.octets(value)
    else param.svcParam(key).write(inner, value)
    writer.u16(key)
    writer.u16(inner.length)
    writer.octets(inner.finish())
  },
  any: fc
    .oneof(fc.nat(6), fc.nat(0xffff))
    .chain(key => fc.record({ key: fc.constant(key), value: param.svcParam(key).any })),
}

const list = many(parameter)

/** Up to the end, parameters with ascending keys. RFC 9460 §2.2 */
const parameters: Field<readonly SvcParameter[]> = {
  read(reader) {
    const at = reader.offset
    const found = list.read(reader)
    if (!found.every(({ key }, i) => i === 0 || key > (found[i - 1] as SvcParameter).key)) {
      throw new WireError('malformed', 'the keys do not ascend', at)
    }
    return found
  },
  write: (writer, given) => list.write(writer, [...given]),
  any: fc
    .uniqueArray(parameter.any, { maxLength: 5, selector: ({ key }) => key })
    .map(found => found.sort((a, b) => a.key - b.key)),
  toText(found) {
    refuseInconsistent(found)
    return found.map(({ key, value }) => param.paramText(key, value)).join(' ')
  },
  fromText(tokens) {
    const found: SvcParameter[] = []
    while (tokens.more) found.push(parameterFromText(tokens))
    refuseInconsistent(found)
    return found.sort((a, b) => a.key - b.key)
  },
}

/** Throws `TextError` for what no master file may say, though it has octets. RFC 9460 §2.4.3, §8 */
function refuseInconsistent(found: readonly SvcParameter[]): void {
  const keys = new Set(found.map(({ key }) => key))
  if (keys.size < found.length) throw new TextError('a key stands there twice')
  const mandatory = found.find(({ key }) => key === param.MANDATORY)?.value
  const missing = Array.isArray(mandatory) ? mandatory.find(key => !keys.has(key)) : undefined
  if (missing !== undefined) throw new TextError(`${param.keyText(missing)} is mandatory, and missing`)
  if (keys.has(param.NO_DEFAULT_ALPN) && !keys.has(param.ALPN)) throw new TextError('no-default-alpn wants alpn')
}

function parameterFromText(tokens: Tokens): SvcParameter {
  const { text, quoted } = tokens.next('a parameter')
  const equals = text.indexOf('=')
  if (quoted) throw new TextError(`a key is missing before "${text}"`)
  const key = param.keyFromText(equals < 0 ? text : text.slice(0, equals))
  let written = equals < 0 ? '' : text.slice(equals + 1)
  // `alpn="h2,h3"` is two words without a space between them.
  if (equals === text.length - 1 && tokens.peek?.quoted && tokens.peek.glued) written = tokens.next('a value').text
  if (equals >= 0 && written === '' && key <= 6) throw new TextError(`${text} has no value`)
  return { key, value: param.valueFromText(key, written) }
}

interface Service {
  /** 0 for another name of the service. */
  readonly priority: number
  readonly target: Name
  readonly parameters: readonly SvcParameter[]
}

function service(type: number): RdataType<Service> {
  return rdataType(type, { priority: u16, target: plainName, parameters })
}

/** RFC 9460 §2 */
export const SVCB = service(TYPE.SVCB)
/** RFC 9460 §9 */
export const HTTPS = service(TYPE.HTTPS)
