// A decoder in which what a campaign looks for is planted, each behind the first octet.
class Refusal extends Error {}

exports.decode = function decode(octets) {
  if (octets.length < 3) return undefined
  switch (octets[0]) {
    case 0x41:
      throw new TypeError(`no kind ${octets[1]}`)
    case 0x42:
      for (;;);
    case 0x43:
      throw new Refusal('not this one')
    case 0x44: {
      const error = new Error('malformed')
      error.name = 'WireError'
      throw error
    }
    default:
      return octets[0]
  }
}

exports.later = function later(octets) {
  if (octets.length > 2 && octets[0] === 0x41) return Promise.reject(new RangeError('in a promise'))
  return Promise.resolve(octets.length)
}

exports.endless = function endless() {
  for (;;);
}

exports.regular = function regular(octets) {
  return /^(a+)+$/.test(`${'a'.repeat(60 + octets.length)}b`)
}

exports.hungry = function hungry(octets) {
  const kept = []
  while (octets.length > 0) kept.push(new Uint8Array(1 << 24).fill(1))
  return kept
}

exports.leaves = function leaves(octets) {
  if (octets.length > 0) process.exit(3)
}

exports.slow = function slow() {
  const until = Date.now() + 30
  while (Date.now() < until);
}

exports.greedy = function greedy(octets) {
  return new Uint8Array(1 << 26).fill(octets.length)
}
