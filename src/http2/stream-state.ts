/** The states of a stream, by the RFC's names. RFC 9113 §5.1 */
export type StreamState =
  | 'idle'
  | 'reserved (local)'
  | 'reserved (remote)'
  | 'open'
  | 'half-closed (local)'
  | 'half-closed (remote)'
  | 'closed'

/** The labels on the arrows of Figure 2, seen from one endpoint. RFC 9113 §5.1 */
export type Transition =
  | 'send HEADERS'
  | 'receive HEADERS'
  | 'send PUSH_PROMISE'
  | 'receive PUSH_PROMISE'
  | 'send END_STREAM'
  | 'receive END_STREAM'
  | 'send RST_STREAM'
  | 'receive RST_STREAM'

/**
 * Figure 2 as a table. A PUSH_PROMISE stands in the row of the stream it reserves, not of the one it is sent on. A pair that
 * is missing is not allowed, or, for HEADERS that carry a response or trailers, leaves the state as it is. RFC 9113 §5.1
 */
const FIGURE_2: Readonly<Record<StreamState, Readonly<Partial<Record<Transition, StreamState>>>>> = {
  idle: {
    'send HEADERS': 'open',
    'receive HEADERS': 'open',
    'send PUSH_PROMISE': 'reserved (local)',
    'receive PUSH_PROMISE': 'reserved (remote)',
  },
  'reserved (local)': {
    'send HEADERS': 'half-closed (remote)',
    'send RST_STREAM': 'closed',
    'receive RST_STREAM': 'closed',
  },
  'reserved (remote)': {
    'receive HEADERS': 'half-closed (local)',
    'send RST_STREAM': 'closed',
    'receive RST_STREAM': 'closed',
  },
  open: {
    'send HEADERS': 'open',
    'receive HEADERS': 'open',
    'send END_STREAM': 'half-closed (local)',
    'receive END_STREAM': 'half-closed (remote)',
    'send RST_STREAM': 'closed',
    'receive RST_STREAM': 'closed',
  },
  'half-closed (local)': {
    'receive HEADERS': 'half-closed (local)',
    'receive END_STREAM': 'closed',
    'send RST_STREAM': 'closed',
    'receive RST_STREAM': 'closed',
  },
  'half-closed (remote)': {
    'send HEADERS': 'half-closed (remote)',
    'send END_STREAM': 'closed',
    'send RST_STREAM': 'closed',
    'receive RST_STREAM': 'closed',
  },
  closed: {},
}

/** The state that follows, or nothing when the transition is not allowed in this state. */
export function follows(state: StreamState, transition: Transition): StreamState | undefined {
  return FIGURE_2[state][transition]
}

/** Whether the peer may still send DATA and HEADERS. RFC 9113 §5.1, §6.1 */
export function receives(state: StreamState): boolean {
  return state === 'open' || state === 'half-closed (local)'
}

/** Whether we may still send DATA and HEADERS. RFC 9113 §5.1, §6.1 */
export function sends(state: StreamState): boolean {
  return state === 'open' || state === 'half-closed (remote)'
}
