/** The candidate most like a mistyped name, when one is like it enough to be meant. */
export function nearest(typed: string, candidates: Iterable<string>): string | undefined {
  const wanted = typed.toLowerCase()
  let best: string | undefined
  // A third of the letters may be wrong, and one always may.
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase(), least)
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best ?? beginning(wanted, candidates)
}

/** `; did you mean 'x'?`, or nothing. */
export function didYouMean(typed: string, candidates: Iterable<string>): string {
  const meant = nearest(typed, candidates)
  return meant === undefined ? '' : `; did you mean '${meant}'?`
}

/** The only candidate that holds what was typed. */
function beginning(wanted: string, candidates: Iterable<string>): string | undefined {
  if (wanted.length < 2) return undefined
  const holding = [...candidates].filter(candidate => candidate.toLowerCase().includes(wanted))
  return holding.length === 1 ? holding[0] : undefined
}

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment); stops caring at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      }
      row.push(cost)
    }
    before = last
    last = row
  }
  return last[b.length] ?? limit
}
