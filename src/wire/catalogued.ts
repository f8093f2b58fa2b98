import type { Codec } from './codec.ts'

/** A codec that remembers what it read and wrote, and may show what it remembers. */
export interface StatefulCodec<T> extends Codec<T> {
  /** What it remembers, as plain data. */
  state?(): unknown
}

/** A line of the catalogue: a codec, or for a stateful one how to make it fresh, and what it is for, with its source. */
export type CatalogueCodec =
  | { readonly about: string; readonly codec: Codec<unknown> }
  | { readonly about: string; readonly fresh: (options?: Readonly<Record<string, number>>) => StatefulCodec<unknown> }

/** The codec of a line, made fresh if it is stateful. */
export function codecOf(line: CatalogueCodec, options?: Readonly<Record<string, number>>): StatefulCodec<unknown> {
  return 'codec' in line ? line.codec : line.fresh(options)
}
