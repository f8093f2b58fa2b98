import { connect } from './rules/connect.ts'
import { connectionFrames } from './rules/connection-frames.ts'
import { connections } from './rules/connections.ts'
import { continuation } from './rules/continuation.ts'
import { errors } from './rules/errors.ts'
import { flowControl } from './rules/flow-control.ts'
import { framing } from './rules/framing.ts'
import { messages } from './rules/messages.ts'
import { pseudoFields } from './rules/pseudo-fields.ts'
import { push } from './rules/push.ts'
import { pushPromise } from './rules/push-promise.ts'
import { security } from './rules/security.ts'
import { settings } from './rules/settings.ts'
import { start } from './rules/start.ts'
import { streamFrames } from './rules/stream-frames.ts'
import { streamStates } from './rules/stream-states.ts'
import { streams } from './rules/streams.ts'

export { rfc8441 } from './rules/extended-connect.ts'
export { limits } from './rules/limits.ts'
export { rfc9218 } from './rules/priority.ts'
export { rfc9110 } from './rules/semantics.ts'

/** The requirements of RFC 9113, in the order of its sections. */
export const rfc9113 = {
  ...start,
  ...framing,
  ...streamStates,
  ...streams,
  ...errors,
  ...streamFrames,
  ...settings,
  ...pushPromise,
  ...connectionFrames,
  ...flowControl,
  ...continuation,
  ...messages,
  ...pseudoFields,
  ...push,
  ...connect,
  ...connections,
  ...security,
}
