// A decoder that throws an error of the name that the file `word` beside it holds, as soon as it is there: what is to be
// found, and when, is up to the test. A run takes a millisecond, in which others can work.
const { readFileSync } = require('node:fs')
const { join } = require('node:path')

const path = join(__dirname, 'word')
const still = new Int32Array(new SharedArrayBuffer(4))

exports.decode = function decode(octets) {
  Atomics.wait(still, 0, 0, 1)
  if (octets.length < 2) return 0
  if (octets[0] !== 0x57) return 1
  const word = said()
  if (word === undefined) return 2
  const error = new Error('as it is told')
  error.name = word
  throw error
}

function said() {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
