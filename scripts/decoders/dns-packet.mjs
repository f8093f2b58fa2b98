// dns-packet as a decoder for `fuzz diff:codec:dns/message,module:scripts/decoders/dns-packet.mjs#decode`.
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const packet = require('dns-packet')
const types = require('dns-packet/types')
const classes = require('dns-packet/classes')

/** A message in the form of our codec. Its errors are refusals: they have no type of their own. */
export function decode(octets) {
  let message
  try {
    message = packet.decode(octets)
  } catch (error) {
    if (error.name !== 'Error' && error.name !== 'RangeError') throw error
    throw Object.assign(new Error(error.message), { name: 'WireError' })
  }
  const { flags } = message
  const flag = bit => (flags & bit) !== 0
  return {
    id: message.id,
    qr: message.type === 'response',
    opcode: (flags >> 11) & 0xf,
    aa: flag(0x400),
    tc: flag(0x200),
    rd: flag(0x100),
    ra: flag(0x80),
    z: flag(0x40),
    ad: flag(0x20),
    cd: flag(0x10),
    rcode: flags & 0xf,
    questions: message.questions.map(question => ({
      name: named(question.name),
      type: types.toType(question.type) || numbered(question.type),
      class: classOf(question.class),
    })),
    answers: message.answers.map(record),
    authority: message.authorities.map(record),
    additional: message.additionals.map(record),
  }
}

/** In our form names end in a dot. */
function named(name) {
  return name.endsWith('.') ? name : `${name}.`
}

function numbered(text) {
  return Number(/\d+$/.exec(text)?.[0])
}

function classOf(text) {
  return classes.toClass(text) || numbered(text)
}

function record(answer) {
  const type = types.toType(answer.type) || numbered(answer.type)
  const name = named(answer.name)
  if (answer.type === 'OPT') {
    const ttl = ((answer.extendedRcode << 24) | (answer.ednsVersion << 16) | answer.flags) >>> 0
    const options = answer.options.map(({ code, data }) => ({ code, data }))
    return { name, type, class: answer.udpPayloadSize, ttl, data: { options } }
  }
  // The high bit of a class is mDNS's (RFC 6762 §10.2), which plain DNS knows nothing of.
  const flush = answer.flush ? 0x8000 : 0
  const klass = classOf(answer.class) + flush
  // Data of these means something in class IN alone. RFC 1035 §3.4, RFC 3596 §2.1, RFC 2782
  const data = klass !== 1 && ['A', 'AAAA', 'SRV'].includes(answer.type) ? undefined : dataOf(answer)
  return { name, type, class: klass, ttl: answer.ttl, data }
}

/** Types whose form is translated; of others nothing is said. */
function dataOf({ type, data }) {
  switch (type) {
    case 'A':
    case 'AAAA':
      return { address: data }
    case 'NS':
      return { name: named(data) }
    case 'CNAME':
    case 'PTR':
      return { name: named(data) }
    case 'DNAME':
      return { target: named(data) }
    case 'MX':
      return { preference: data.preference, exchange: named(data.exchange) }
    case 'SRV':
      return { priority: data.priority, weight: data.weight, port: data.port, target: named(data.target) }
    case 'SOA':
      return { ...data, mname: named(data.mname), rname: named(data.rname) }
    case 'TXT':
      return { strings: data.map(octets => octets.toString('latin1')) }
    default:
      return undefined
  }
}
