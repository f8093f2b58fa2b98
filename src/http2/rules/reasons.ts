/** Why nobody can see over the wire that a rule is broken, where several rules share the reason. */
export const PUSH = 'a tester cannot make a server push'
export const PROXY = 'binds intermediaries: needs a proxy suite, where we stand on both sides'
export const PERMISSION = 'a permission, which nobody can break'
export const INTERNAL = 'internal to the implementation, never on the wire'
export const AUTHORS = 'binds the authors of extensions, not an endpoint'
export const SHUTDOWN = 'a tester cannot make a server shut down gracefully'
export const REDUCTION = 'a tester cannot make a client reduce its window while data is under way'
export const TRAILERS = 'a command cannot be made to send trailers'
export const CONNECT = 'a command cannot be made to send CONNECT to the server under the URL it is given'
export const PROCESSED = 'what has reached the application is not seen from outside'
export const ORIGINS = 'a command that requests one URL does not reach for a second host'
export const RENEGOTIATION = 'needs a TLS stack that renegotiates at our bidding'
export const POST_HANDSHAKE = 'needs a TLS stack that shows or sends a post-handshake CertificateRequest'
export const SCHEDULING = 'the order of responses allows no sure verdict on a server that may have its own reasons'
export const CONTENT =
  'a command that requests one URL sends no content, so a stream closes with the end of its response'
export const NO_CONTENT = 'a command that requests one URL sends no DATA'
export const CONTENT_BEFORE_RESET = 'a command that requests one URL has sent all it has before a reset can come'
export const OVERTAKING =
  'what went to the transport before a frame came cannot be told from what was put before its answer'
export const NO_WINDOW =
  'a command that requests one URL has sent END_STREAM, and its stream no window to send by any more'
