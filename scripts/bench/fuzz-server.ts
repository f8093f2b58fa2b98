import { buildPlanted, plantedSubject } from '../../src/cli/fuzz/server-planted.fixture.ts'
import { SeededChance } from '../../src/fuzz/chance.ts'
import { SessionLoop } from '../../src/fuzz/targets/server-loop.ts'
import { atLeast, atMost, type Figure, median, progress, runPart } from './figure.ts'

const SECONDS = 10
const ROUNDS = 3
/** After so many seconds without the overflow, a round is given up. */
const PATIENCE = 180

const seconds = (): number => performance.now() / 1000

/** One campaign against the planted server: sessions in a second, and when the overflow was found, if it was. */
async function campaign(
  path: string,
  options: {
    readonly faults: readonly string[]
    readonly edges: boolean
    readonly seed: number
    readonly most: number
  },
): Promise<{ readonly rate: number; readonly found: number | undefined }> {
  const subject = await plantedSubject(path, options.faults, { edges: options.edges })
  const loop = new SessionLoop({ subject, chance: new SeededChance(options.seed) })
  const began = seconds()
  try {
    for (;;) {
      const { outcome } = await loop.step()
      const spent = seconds() - began
      const overflow = outcome.kind === 'find' && outcome.find.title.includes('heap-buffer-overflow')
      if (overflow || spent > options.most) return { rate: loop.steps / spent, found: overflow ? spent : undefined }
    }
  } finally {
    await subject.stop()
  }
}

/** Sessions in a second with one native server, and how long an overflow takes to find that is seven messages deep. */
async function* fuzzServer(): AsyncGenerator<Figure> {
  const { path, why, remove } = buildPlanted()
  if (path === undefined) {
    console.log(`skipped: ${why}`)
    return
  }
  try {
    const rates: number[] = []
    for (let seed = 1; seed <= ROUNDS; seed++) {
      progress(`sessions, round ${seed} of ${ROUNDS}`)
      rates.push((await campaign(path, { faults: [], edges: true, seed, most: SECONDS })).rate)
    }
    progress('')
    yield atLeast('sessions with one server', median(rates), '/s', 700)
    const found: (number | undefined)[] = []
    for (let seed = 1; seed <= ROUNDS; seed++) {
      progress(`overflow, round ${seed} of ${ROUNDS}`)
      found.push((await campaign(path, { faults: ['overflow'], edges: true, seed, most: PATIENCE })).found)
    }
    progress('')
    const all = found.map(time => (time === undefined ? 'not found' : `${time.toFixed(1)} s`)).join(', ')
    const times = found.map(time => time ?? Number.POSITIVE_INFINITY)
    const without = await campaign(path, { faults: ['overflow'], edges: false, seed: 1, most: 60 })
    yield atMost('overflow, by the edge map', median(times), 's', 60, [
      `each: ${all}`,
      `by response codes alone: ${without.found === undefined ? 'not in 60 s' : `${without.found.toFixed(1)} s`}`,
    ])
  } finally {
    remove()
  }
}

await runPart(import.meta.url, fuzzServer)
