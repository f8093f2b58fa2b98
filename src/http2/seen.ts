import type { Field } from '../hpack/field.ts'
import type { Frame } from './frame.ts'

/** One thing that a peer said, as a case looks at it. */
export type Seen =
  /** The 24 octets a client begins with. RFC 9113 §3.4 */
  | { readonly kind: 'preface' }
  /** A whole field block, decoded: HEADERS and the CONTINUATION frames after it. */
  | {
      readonly kind: 'headers'
      readonly stream: number
      readonly fields: readonly Field[]
      readonly endStream: boolean
      readonly frames: readonly Frame[]
      readonly block: Uint8Array
    }
  | {
      readonly kind: 'push'
      readonly stream: number
      readonly promised: number
      readonly fields: readonly Field[]
      readonly frames: readonly Frame[]
      readonly block: Uint8Array
    }
  | {
      readonly kind: 'data'
      readonly stream: number
      /** Without padding. */
      readonly octets: Uint8Array
      readonly endStream: boolean
      readonly frame: Frame
    }
  | { readonly kind: 'reset'; readonly stream: number; readonly code: number; readonly frame: Frame }
  | { readonly kind: 'settings'; readonly parameters: readonly (readonly [number, number])[]; readonly frame: Frame }
  | { readonly kind: 'settings-ack'; readonly frame: Frame }
  | { readonly kind: 'ping'; readonly payload: Uint8Array; readonly frame: Frame }
  | { readonly kind: 'ping-ack'; readonly payload: Uint8Array; readonly frame: Frame }
  | {
      readonly kind: 'goaway'
      readonly lastStream: number
      readonly code: number
      readonly debug: Uint8Array
      readonly frame: Frame
    }
  | { readonly kind: 'window-update'; readonly stream: number; readonly increment: number; readonly frame: Frame }
  | { readonly kind: 'priority'; readonly stream: number; readonly frame: Frame }
  /** A frame of a type that no case looks into. */
  | { readonly kind: 'other'; readonly frame: Frame }
  /** What came cannot be understood: nothing after it can be either. */
  | { readonly kind: 'broken'; readonly why: string; readonly frame?: Frame }
  /** The connection is over. */
  | { readonly kind: 'end'; readonly how: 'eof' | 'reset'; readonly why: string }
  /** Nothing came for as long as our patience lasts. */
  | { readonly kind: 'silence' }

/** The frames that something seen is made of. */
export function framesOf(seen: Seen): readonly Frame[] {
  if ('frames' in seen) return seen.frames
  return 'frame' in seen && seen.frame !== undefined ? [seen.frame] : []
}

/** The status of a response's fields, or undefined when it has none. RFC 9113 §8.3.2 */
export function statusOf(fields: readonly Field[]): number | undefined {
  const value = fields.find(field => field.name === ':status')?.value
  return value !== undefined && /^\d{3}$/.test(value) ? Number(value) : undefined
}
