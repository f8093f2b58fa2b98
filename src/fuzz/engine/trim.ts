import type { Entry } from './corpus.ts'
import { overwritten, spliced } from './encodings.ts'
import { NOTHING } from './new-octets.ts'
import type { Search, Trials } from './search.ts'

/** Inputs of fewer octets are short enough. */
const SHORT = 16
/** The smallest parts that are cut out are so many halvings of the whole: each of them costs a run. */
const FINE = 7
/** Octets at the beginning in which numbers make an input slow. */
const HEADER = 64
/** How many times what is usual an input costs before its numbers are made smaller. */
const SLOW = 4

/**
 * Makes a slow or long entry cheaper: parts are cut out and octets become 0 or 1 as long as it shows the new that it was
 * kept for. The entry must have been run last.
 */
export function* trimmed(search: Search, entry: Entry): Trials<Uint8Array> {
  let { input } = entry
  let work = search.workOfLast
  const usual = search.corpus.usualWork
  const least = Math.max(1, input.length >> FINE)
  for (let size = input.length >> 1; size >= least && input.length > SHORT; size >>= 1)
    for (let at = 0; at + size <= input.length; ) {
      const shorter = spliced(input, at, size, NOTHING)
      yield { input: shorter, by: 'trim', watched: false, parent: entry }
      if (search.showsNew(entry) && search.workOfLast <= work) {
        input = shorter
        work = search.workOfLast
      } else at += size
    }
  for (let at = 0; at < Math.min(input.length, HEADER) && work > SLOW * usual; at++)
    for (const octet of [0, 1]) {
      if ((input[at] as number) <= octet) continue
      const calmer = overwritten(input, at, Uint8Array.of(octet))
      yield { input: calmer, by: 'trim', watched: false, parent: entry }
      if (!search.showsNew(entry) || search.workOfLast >= work) continue
      input = calmer
      work = search.workOfLast
      break
    }
  return input
}
