// http-parser-js as a decoder for `fuzz module:scripts/decoders/http-parser-js.mjs#decode`.
import { installed } from './installed.mjs'

const { HTTPParser } = installed('http-parser-js')

/** Requests in one piece, and the end of the stream. What `execute` and `finish` return as an error is a refusal. */
export function decode(octets) {
  const parser = new HTTPParser(HTTPParser.REQUEST)
  const bodies = []
  parser[HTTPParser.kOnHeaders] = () => {}
  parser[HTTPParser.kOnHeadersComplete] = () => 0
  parser[HTTPParser.kOnBody] = (chunk, offset, length) => bodies.push(chunk.subarray(offset, offset + length))
  parser[HTTPParser.kOnMessageComplete] = () => {}
  const refusal = [parser.execute(octets), parser.finish()].find(result => result instanceof Error)
  if (refusal) throw Object.assign(new Error(refusal.message), { name: 'WireError' })
  return bodies
}
