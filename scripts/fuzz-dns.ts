import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { dnsCodecs } from '../src/dns/codecs.ts'
import { checkRobustness, checkRoundTrip } from '../src/wire/laws.ts'

/**
 * Tries the laws of every codec of DNS with fresh seeds: `node --import tsx scripts/fuzz-dns.ts --minutes 20`. Says the
 * seed and the smallest example of whatever breaks one, once for each codec and law, and ends with status 1 then. The
 * tests have the same laws with fixed seeds (src/dns/codecs.test.ts).
 */
const RUNS = 500

const { minutes, only } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, only: { type: 'string', default: '' } },
}).values
const until = performance.now() + Number(minutes) * 60_000
const laws = { checkRoundTrip, checkRobustness }
const chosen = Object.entries(dnsCodecs).filter(([name]) => name.includes(only))
const broken = new Set<string>()
let runs = 0

while (performance.now() < until) {
  for (const [name, line] of chosen) {
    for (const [law, check] of Object.entries(laws)) {
      const what = `${law} of ${name}`
      if (broken.has(what)) continue
      const seed = randomInt(2 ** 31)
      try {
        check(line, { seed, runs: RUNS })
      } catch (error) {
        broken.add(what)
        console.log(`${what}, seed ${seed}:\n${error instanceof Error ? error.message : error}\n`)
      }
      runs += RUNS
    }
  }
}

console.log(
  `${runs} runs over ${chosen.length} codecs: ${broken.size === 0 ? 'nothing found' : `${broken.size} found`}`,
)
if (broken.size > 0) process.exitCode = 1
