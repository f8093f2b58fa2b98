import type { SchemeName } from '../../src/schemes.ts'
import { atMost, type Figure, median, progress, runPart } from './figure.ts'
import { changed, gradeOnce, serve } from './peers.ts'

/** Seconds that the full suite may take; by one scheme, where a peer is reached by several. */
const BARS: Readonly<Record<string, { readonly seconds: number; readonly scheme?: SchemeName }>> = {
  nghttpd: { seconds: 1.5 },
  wiregrade: { seconds: 1.5 },
  nginx: { seconds: 5 },
  bind9: { seconds: 2, scheme: 'dns' },
  knot: { seconds: 2, scheme: 'dns' },
  nsd: { seconds: 2, scheme: 'dns' },
}

const RUNS = 5

/** How long the full server suite takes, and whether it finds the same case after case as side by side. */
async function* suite(): AsyncGenerator<Figure> {
  for (const [name, { seconds: bar, scheme }] of Object.entries(BARS)) {
    const served = await serve(name, scheme)
    if (!served) {
      console.log(`skip  ${name}: not installed (scripts/peers ${name})`)
      continue
    }
    try {
      // The first run warms up the peer and our compiler.
      const { verdicts } = await gradeOnce(served)
      const times: number[] = []
      for (let run = 0; run < RUNS; run++) {
        progress(`${name}: run ${run + 1} of ${RUNS}`)
        times.push((await gradeOnce(served)).milliseconds / 1000)
      }
      progress('')
      yield atMost(`${name}, ${verdicts.length} cases`, median(times), 's', bar)
      const one = await gradeOnce(served, { concurrency: 1 })
      const differing = changed([verdicts, one.verdicts])
      yield atMost(`${name}, sequential and concurrent differ`, differing.length, 'verdicts', 0, differing)
    } finally {
      await served.peer.close()
    }
  }
}

await runPart(import.meta.url, suite)
