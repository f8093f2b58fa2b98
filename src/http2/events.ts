import type { Field } from '../hpack/field.ts'
import type { RequestHead, ResponseHead } from './message.ts'

/** What a server or a client machine says has happened. */
export type Http2Event =
  /** A request has come; `end`: it has no content. Server. */
  | { readonly kind: 'request'; readonly stream: number; readonly head: RequestHead; readonly end: boolean }
  /** An interim response. Client. */
  | { readonly kind: 'interim'; readonly stream: number; readonly head: ResponseHead }
  /** The final response's header section; `end`: it has no content. Client. */
  | { readonly kind: 'response'; readonly stream: number; readonly head: ResponseHead; readonly end: boolean }
  /** A promise on `stream` that a response to `head` will come on `promised`. Client. */
  | { readonly kind: 'promise'; readonly stream: number; readonly promised: number; readonly head: RequestHead }
  /** Content, without padding; a view that holds until the next `receive`. To be answered by `consume`. `end`: it is the last. */
  | { readonly kind: 'data'; readonly stream: number; readonly data: Uint8Array; readonly end: boolean }
  /** The trailer section, which ends the message. */
  | { readonly kind: 'trailers'; readonly stream: number; readonly fields: readonly Field[] }
  /** The stream is over before its messages are, by the peer's RST_STREAM, by ours, or with the connection. */
  | { readonly kind: 'reset'; readonly stream: number; readonly code: number; readonly by: 'peer' | 'us' }
  /** The peer has changed its settings. */
  | { readonly kind: 'settings'; readonly settings: ReadonlyMap<number, number> }
  /** The peer has acknowledged our oldest settings. */
  | { readonly kind: 'settings acknowledged' }
  /** The answer to a PING. */
  | { readonly kind: 'pong'; readonly payload: Uint8Array }
  /** The peer shuts down. */
  | { readonly kind: 'goaway'; readonly lastStream: number; readonly code: number; readonly debug: Uint8Array }
  /** The connection is over; nothing that comes is heeded any more. `why` is for people. */
  | { readonly kind: 'closed'; readonly code: number; readonly why: string }

/** What a machine of either role can be told to do. A command for a stream that is no more does nothing. */
export type Http2Command =
  /** Content, and with `end` the end of our message; sent as flow control allows. */
  | { readonly kind: 'data'; readonly stream: number; readonly data: Uint8Array; readonly end?: boolean }
  /** The trailer section, after all content; ends our message. */
  | { readonly kind: 'trailers'; readonly stream: number; readonly fields: readonly Field[] }
  /** Drops the stream. */
  | { readonly kind: 'reset'; readonly stream: number; readonly code: number }
  /** So many octets of the peer's content are done with: the peer gets credit for them. */
  | { readonly kind: 'consume'; readonly stream: number; readonly octets: number }
  /** Announces settings, by identifier. */
  | { readonly kind: 'settings'; readonly settings: ReadonlyMap<number, number> }
  /** Sends PING with 8 octets. */
  | { readonly kind: 'ping'; readonly payload: Uint8Array }
  /** Ends the connection when all that is under way is done; the peer is to open nothing more. RFC 9113 §6.8 */
  | { readonly kind: 'shutdown' }
  /** Ends the connection now, with this error code. */
  | { readonly kind: 'close'; readonly code: number; readonly why?: string }

/** What a server can be told. */
export type ServerCommand =
  | Http2Command
  /** A header section: interim when its status is 1xx, else final. `end`: no content follows. */
  | {
      readonly kind: 'headers'
      readonly stream: number
      readonly status: number
      readonly fields: readonly Field[]
      readonly end?: boolean
    }
  /** Promises a response to `head`, on the stream that `nextStream` has named. RFC 9113 §8.4 */
  | { readonly kind: 'push'; readonly stream: number; readonly head: RequestHead }
  /** Asks the peer, once our response has gone out whole, to send no more of its request. RFC 9113 §8.1 */
  | { readonly kind: 'stop request'; readonly stream: number }

/** What a client can be told. */
export type ClientCommand =
  | Http2Command
  /** A request, on the stream that `nextStream` has named. `end`: no content follows. */
  | { readonly kind: 'request'; readonly head: RequestHead; readonly end?: boolean }
