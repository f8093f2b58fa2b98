/** The octets of a header's count, by the section's place: questions, answers, authority, additional. RFC 1035 §4.1.1 */
const COUNTS = { questions: 4, answers: 6, authority: 8, additional: 10 } as const

/** A message that says that it has other numbers of things than it has. */
export function claims(counts: Partial<Record<keyof typeof COUNTS, number>>): (octets: Uint8Array) => Uint8Array {
  return octets => {
    const changed = Uint8Array.from(octets)
    for (const [section, count] of Object.entries(counts)) {
      const at = COUNTS[section as keyof typeof COUNTS]
      changed[at] = count >> 8
      changed[at + 1] = count
    }
    return changed
  }
}

/** A message cut off after so many octets; from its end, if negative. */
export function cutAt(length: number): (octets: Uint8Array) => Uint8Array {
  return octets => octets.slice(0, length)
}

/** A header and these octets instead of the question. */
export function asking(...octets: readonly number[]): (octets: Uint8Array) => Uint8Array {
  return message => Uint8Array.of(...message.slice(0, 12), ...octets)
}

/** Type A and class IN. */
export const A_IN = [0, 1, 0, 1] as const
