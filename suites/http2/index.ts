import type { Suite } from '../../src/conformance/case.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import preface from './3.4-preface.ts'
import frameFormat from './4.1-frame-format.ts'
import frameSize from './4.2-frame-size.ts'
import compressionState from './4.3.1-compression-state.ts'
import fieldBlocks from './4.3-field-blocks.ts'
import streamIdentifiers from './5.1.1-stream-identifiers.ts'
import concurrency from './5.1.2-concurrency.ts'
import streamStates from './5.1-stream-states.ts'
import errors from './5.4-errors.ts'
import extensions from './5.5-extensions.ts'
import dataFrames from './6.1-data.ts'
import headerFrames from './6.2-headers.ts'
import priority from './6.3-priority.ts'
import resets from './6.4-rst-stream.ts'
import settingsSynchronization from './6.5.3-settings-synchronization.ts'
import settingsFrames from './6.5-settings.ts'
import promises from './6.6-push-promise.ts'
import ping from './6.7-ping.ts'
import goaway from './6.8-goaway.ts'
import flowControl from './6.9.1-flow-control.ts'
import initialWindow from './6.9.2-initial-window.ts'
import windowUpdate from './6.9-window-update.ts'
import continuation from './6.10-continuation.ts'
import errorCodes from './7-error-codes.ts'
import malformed from './8.1.1-malformed.ts'
import messages from './8.1-messages.ts'
import trailers from './8.1-trailers.ts'
import fieldValidity from './8.2.1-field-validity.ts'
import connectionSpecific from './8.2.2-connection-specific.ts'
import cookie from './8.2.3-cookie.ts'
import fields from './8.2-fields.ts'
import requestPseudoFields from './8.3.1-request-pseudo-fields.ts'
import responsePseudoFields from './8.3.2-response-pseudo-fields.ts'
import pseudoFields from './8.3-pseudo-fields.ts'
import push from './8.4-push.ts'
import serverPush from './8.4-server-push.ts'
import connect from './8.5-connect.ts'
import upgradeAndReliability from './8.6-upgrade-and-reliability.ts'
import tls from './9.2-tls.ts'
import floods from './10.5-floods.ts'
import hpackTable from './7541-dynamic-table.ts'
import hpackPrimitives from './7541-primitives.ts'
import extendedConnect from './8441-extended-connect.ts'
import expectations from './9110-expect.ts'
import semantics from './9110-semantics.ts'
import priorities from './9218-priorities.ts'

/** Every suite of HTTP/2, in the order of RFC 9113; then those of its companions. */
const suites: readonly Suite<Http2Talk>[] = [
  ...serverPush,
  ...tls,
  ...floods,
  ...priorities,
  ...continuation,
  ...compressionState,
  ...hpackPrimitives,
  ...hpackTable,
  ...promises,
  ...settingsSynchronization,
  ...settingsFrames,
  ...resets,
  ...priority,
  ...headerFrames,
  ...dataFrames,
  ...extensions,
  ...errors,
  ...concurrency,
  ...streamIdentifiers,
  ...streamStates,
  ...fieldBlocks,
  ...frameSize,
  ...frameFormat,
  ...preface,
  ...ping,
  ...goaway,
  ...windowUpdate,
  ...flowControl,
  ...initialWindow,
  ...errorCodes,
  ...messages,
  ...trailers,
  ...malformed,
  ...fields,
  ...fieldValidity,
  ...connectionSpecific,
  ...cookie,
  ...pseudoFields,
  ...requestPseudoFields,
  ...responsePseudoFields,
  ...push,
  ...connect,
  ...upgradeAndReliability,
  ...extendedConnect,
  ...expectations,
  ...semantics,
]

export default suites
