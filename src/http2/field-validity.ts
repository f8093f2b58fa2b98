import type { Honours, Rule } from '../conformance/rule.ts'
import type { Field } from '../hpack/field.ts'
import { rfc9113 } from './rules.ts'

/** Why a message is malformed. RFC 9113 §8.1.1 */
export interface Malformed {
  /** For the debug data of a frame and for a log. */
  readonly why: string
  /** A field is at fault for its octets, so that a request deserves status 400. RFC 9113 §8.2.1 */
  readonly invalidField?: true
}

/** A lowercase token. RFC 9110 §5.1, RFC 9113 §8.2.1 */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
/** No control characters but HTAB, and no white space around. RFC 9110 §5.5, RFC 9113 §8.2.1 */
const VALUE = /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/

/** What is wrong with the octets of a field, if anything. RFC 9113 §8.2.1 */
export function fieldFault({ name, value }: Field, honours: Honours): Malformed | undefined {
  // A pseudo-field's name is checked where it is looked up.
  const rule =
    (NAME.test(name) || name.startsWith(':') ? undefined : nameFault(name, honours)) ??
    (VALUE.test(value) ? undefined : valueFault(value, honours))
  return rule === undefined ? undefined : { why: rule.text, invalidField: true }
}

function nameFault(name: string, honours: Honours): Rule | undefined {
  const faults: Rule[] = []
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (code >= 0x41 && code <= 0x5a) faults.push(rfc9113.fieldNameUppercase)
    else if (code <= 0x20 || code === 0x7f) faults.push(rfc9113.fieldNameControl)
    else if (code >= 0x80) faults.push(rfc9113.fieldNameHighOctet)
    else if (code === 0x3a) faults.push(rfc9113.fieldNameColon)
  }
  return (faults.length > 0 ? faults : [rfc9113.fieldsValidated]).find(honours)
}

function valueFault(value: string, honours: Honours): Rule | undefined {
  const faults: Rule[] = []
  if (value.includes('\0')) faults.push(rfc9113.fieldValueNul)
  if (value.includes('\n')) faults.push(rfc9113.fieldValueLineFeed)
  if (value.includes('\r')) faults.push(rfc9113.fieldValueCarriageReturn)
  if (/^[\t ]|[\t ]$/.test(value)) faults.push(rfc9113.fieldValueOuterWhitespace)
  return (faults.length > 0 ? faults : [rfc9113.fieldsValidated]).find(honours)
}

/** RFC 9113 §8.2.2 */
const connectionSpecific: Readonly<Record<string, Rule>> = {
  connection: rfc9113.connectionField,
  'proxy-connection': rfc9113.proxyConnectionField,
  'keep-alive': rfc9113.keepAliveField,
  'transfer-encoding': rfc9113.transferEncodingField,
  upgrade: rfc9113.upgradeField,
}

/** What is wrong with a regular field in its place, if anything. RFC 9113 §8.2.2 */
export function connectionFault({ name, value }: Field, inRequest: boolean, honours: Honours): Malformed | undefined {
  let rule = Object.hasOwn(connectionSpecific, name) ? connectionSpecific[name] : undefined
  if (inRequest && name === 'te') {
    if (value.toLowerCase() !== 'trailers') rule = rfc9113.teOtherThanTrailers
    else if (!honours(rfc9113.teTrailersAccepted)) return { why: 'te' }
  }
  return rule !== undefined && honours(rule) ? { why: rule.text } : undefined
}
