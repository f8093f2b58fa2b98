import type { Field } from '../hpack/field.ts'
import { ReceiveWindow, SendWindow } from './flow-control.ts'
import { DEFAULT_PRIORITY, type Priority } from './priority.ts'
import type { StreamState } from './stream-state.ts'

/** What an endpoint keeps of one stream that is not closed. */
export class Stream {
  readonly id: number
  state: StreamState = 'idle'
  readonly sending: SendWindow
  readonly receiving: ReceiveWindow
  priority: Priority = DEFAULT_PRIORITY

  /** DATA that waits for its turn or for credit. */
  readonly queue: Uint8Array[] = []
  /** How much of the first of them has gone out. */
  sent = 0
  /** Octets in the queue. */
  queued = 0
  /** Nothing comes after the queue but what ends the stream. */
  ending = false
  /** Sent after the queue, in place of END_STREAM on DATA. */
  trailers: readonly Field[] | undefined
  /** It stands in the list of streams that have something to send. */
  ready = false
  /** A final header section of ours has gone out. */
  headersSent = false
  /** Once our message has ended, the peer is told to stop sending. RFC 9113 §8.1 */
  stopWhenDone = false

  /** The header section of the peer's message has come, a final one for a response. */
  headersReceived = false
  /** Octets of content that the peer's content-length announces. */
  contentLength: number | undefined
  /** Octets of content that have come, without padding. */
  received = 0
  /** Octets of content handed out and not yet said to be consumed. */
  unconsumed = 0
  /** Its message from the peer has no content by definition, whatever content-length says. RFC 9113 §8.1.1 */
  contentless = false
  /** The method of the request, where we sent it or promised it. */
  method = ''
  /** Whom we have asked. */
  authority: string | undefined
  /** A tunnel: after the header sections only DATA. RFC 9113 §8.5 */
  tunnel = false
  /** The application knows of it, so it is told what becomes of it. */
  announced = false

  constructor(id: number, sendWindow: number, receiveWindow: number) {
    this.id = id
    this.sending = new SendWindow(sendWindow)
    this.receiving = new ReceiveWindow(receiveWindow)
  }
}
