// hpack.js as a decoder for `fuzz module:scripts/decoders/hpack-js.mjs#decode` and
// `fuzz diff:codec:hpack/fields,module:scripts/decoders/hpack-js.mjs#decode`.
import { installed } from './installed.mjs'

const hpack = installed('hpack.js')

/** A field block as a list of fields, in the form of our codec. Its errors are refusals: they have no type of their own. */
export function decode(octets) {
  const decoder = hpack.decompressor.create({ table: { maxSize: 4096 } })
  let failure
  decoder.on('error', error => {
    failure = error
  })
  decoder.write(octets)
  decoder.execute()
  if (failure) throw Object.assign(new Error(failure.message), { name: 'WireError' })
  const fields = []
  for (let field = decoder.read(); field !== null; field = decoder.read()) {
    fields.push({ name: field.name, value: field.value, ...(field.neverIndex && { neverIndexed: true }) })
  }
  return fields
}
