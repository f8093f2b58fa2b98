class Refusal extends Error {
  name = 'Refusal'
}

const same = octets => {
  if (octets.length !== 2) throw new Refusal(`${octets.length} octets`)
  return { size: octets[1], kind: octets[0] }
}

exports.same = same
exports.silent = octets => void same(octets)
exports.throws = octets => {
  if (octets[0] === 7) throw new TypeError('no seven')
  return same(octets)
}
exports.later = async octets => {
  if (octets[0] === 9) throw new Refusal('not 9')
  return same(octets)
}
/** What `same` reads, but for one it refuses, and one it reads otherwise. */
exports.planted = octets => {
  const value = same(octets)
  if (value.kind === 77) throw new Refusal('no 77')
  return value.size === 88 ? { ...value, size: 0 } : value
}
