import fc from 'fast-check'
import type { Codec } from './codec.ts'
import { WireError, within } from './errors.ts'
import { latin1Of } from './latin1.ts'
import { readWithin } from './whole.ts'
import { Writer } from './writer.ts'

/** The value of a codec. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never

/** A fixed number of octets; what is read is a view. */
export function octets(length: number): Codec<Uint8Array> {
  return {
    read: reader => reader.take(length),
    write(writer, value) {
      if (value.length !== length) writer.unencodable(`${value.length} octets where ${length} belong`)
      writer.octets(value)
    },
    any: fc.uint8Array({ minLength: length, maxLength: length }),
  }
}

/** All octets up to the end; what is read is a view. */
export const rest: Codec<Uint8Array> = {
  read: reader => reader.rest(),
  write: (writer, value) => writer.octets(value),
  any: fc.uint8Array({ maxLength: 40 }),
}

/** All octets up to the end as a string of which each character is one octet. */
export const latin1: Codec<string> = {
  read: reader => latin1Of(reader.rest()),
  write: (writer, value) => writer.latin1(value),
  any: fc.uint8Array({ maxLength: 20 }).map(octets => latin1Of(octets)),
}

/** One value and nothing else: anything else read is `malformed`, anything else written `unencodable`. */
export function constant<const T extends number | bigint | string>(codec: Codec<T>, value: T): Codec<T> {
  return {
    read(reader) {
      const at = reader.offset
      const found = codec.read(reader)
      if (found !== value) throw new WireError('malformed', `${found} where ${value} belongs`, at)
      return value
    },
    write(writer, given) {
      if (given !== value) writer.unencodable(`${given} where ${value} belongs`)
      codec.write(writer, value)
    },
    any: fc.constant(value),
  }
}

/** Named parts one after the other, as an object with the same names in the same order. */
export function struct<T extends object>(parts: { readonly [K in keyof T]: Codec<T[K]> }): Codec<T> {
  const entries = Object.entries(parts) as [string & keyof T, Codec<T[keyof T]>][]
  return {
    read(reader) {
      const value: Record<string, unknown> = {}
      for (const [name, codec] of entries) value[name] = reader.field(name, codec)
      return value as T
    },
    write(writer, value) {
      for (const [name, codec] of entries) writeField(writer, name, codec, value[name])
    },
    any: fc.record(Object.fromEntries(entries.map(([name, codec]) => [name, codec.any]))) as fc.Arbitrary<T>,
  }
}

/** Two codecs of objects one after the other, as one object with the names of both. */
export function joined<A extends object, B extends object>(first: Codec<A>, second: Codec<B>): Codec<A & B> {
  return {
    read: reader => ({ ...first.read(reader), ...second.read(reader) }),
    write(writer, value) {
      first.write(writer, value)
      second.write(writer, value)
    },
    any: fc.tuple(first.any, second.any).map(([a, b]) => ({ ...a, ...b })),
  }
}

/** A value that fills a number of octets given before it. */
export function sized<T>(length: Codec<number>, inner: Codec<T>): Codec<T> {
  return {
    read: reader => readWithin(reader, length.read(reader), inner),
    write(writer, value) {
      const within = new Writer()
      inner.write(within, value)
      length.write(writer, within.length)
      writer.octets(within.finish())
    },
    any: inner.any,
  }
}

/** Values of one kind up to the end. Each takes at least one octet, or reading stops with `malformed`. */
export function many<T>(item: Codec<T>): Codec<T[]> {
  return {
    read(reader) {
      const values: T[] = []
      while (reader.remaining > 0) {
        const at = reader.offset
        values.push(reader.field(values.length, item))
        if (reader.offset === at) throw new WireError('malformed', 'an item without octets', at, [values.length - 1])
      }
      return values
    },
    write(writer, values) {
      values.forEach((value, i) => {
        writeField(writer, i, item, value)
      })
    },
    any: fc.array(item.any, { maxLength: 8 }),
  }
}

/** A value of one of several kinds, told apart by a tag before it, as `{ tag, value }`. A tag not named is `malformed`. */
export function tagged<Kinds extends Readonly<Record<number, Codec<unknown>>>>(
  tag: Codec<number>,
  kinds: Kinds,
): Codec<Tagged<Kinds>> {
  const byTag = new Map(Object.entries(kinds).map(([key, codec]) => [Number(key), codec]))
  return {
    read(reader) {
      const at = reader.offset
      const found = reader.field('tag', tag)
      const codec = byTag.get(found)
      if (codec === undefined) throw new WireError('malformed', `unknown tag ${found}`, at, ['tag'])
      return { tag: found, value: reader.field('value', codec) } as Tagged<Kinds>
    },
    write(writer, { tag: given, value }) {
      const codec = byTag.get(given)
      if (codec === undefined) return writer.unencodable(`unknown tag ${given}`)
      writeField(writer, 'tag', tag, given)
      writeField(writer, 'value', codec, value)
    },
    any: fc.oneof(
      ...[...byTag].map(([key, codec]) => codec.any.map(value => ({ tag: key, value }))),
    ) as unknown as fc.Arbitrary<Tagged<Kinds>>,
  }
}

/** What `tagged` reads. */
export type Tagged<Kinds> = {
  [K in keyof Kinds & number]: { readonly tag: K; readonly value: ValueOf<Kinds[K]> }
}[keyof Kinds & number]

/** Writes one named part of a value, so that an error knows its path. */
export function writeField<T>(writer: Writer, name: string | number, codec: Pick<Codec<T>, 'write'>, value: T): void {
  try {
    codec.write(writer, value)
  } catch (error) {
    throw within(name, error)
  }
}
