// A decoder in which a new crash becomes possible every 40 ms of its process's life, and new code with it; what it
// throws for the first time it writes down, for whoever wants to know whether a campaign that was killed has it still.
const { appendFileSync } = require('node:fs')

const journal = process.env.WIREGRADE_JOURNAL
const began = Date.now() - process.uptime() * 1000
const word = letters(process.pid)
const told = new Set()

function letters(number) {
  return [...String(number)].map(digit => 'ghijklmnop'[Number(digit)]).join('')
}

exports.decode = function decode(octets) {
  if (octets.length < 2 || octets[0] !== 0x57) return 0
  let sum = 0
  for (const octet of octets) if (octet > 0x60) sum++
  const which = octets[1] & 63
  if (Date.now() - began < 1000 + which * 40) return sum
  const name = `Planted${word}x${letters(which)}`
  if (journal && !told.has(which)) {
    told.add(which)
    appendFileSync(journal, `${JSON.stringify({ at: Date.now(), name })}\n`)
  }
  const error = new Error('as it is meant to be')
  error.name = name
  throw error
}
