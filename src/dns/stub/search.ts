import { labelCount, labelsOf, MAX_NAME, type Name } from '../name.ts'

/**
 * The absolute names that a name may mean, in the order in which they are tried: with a dot at its end only itself,
 * else itself and below each domain of the search list; itself first where it has as many dots as `ndots`. RFC 1123
 * §6.1.4.3
 */
export function candidates(name: string, search: readonly Name[], ndots: number): Name[] {
  if (name === '' || isAbsolute(name)) return [name === '' ? '.' : name]
  const absolute = `${name}.`
  const within = search.map(domain => (domain === '.' ? absolute : absolute + domain)).filter(fits)
  const dots = labelCount(absolute) - 1
  return dots >= ndots ? [absolute, ...within] : [...within, absolute]
}

/** Whether the dot at the end of a name, if there is one, is not escaped. */
function isAbsolute(name: string): boolean {
  const escapes = /(\\*)\.$/.exec(name)?.[1]
  return escapes !== undefined && escapes.length % 2 === 0
}

function fits(name: Name): boolean {
  return labelsOf(name).reduce((sum, label) => sum + label.length + 1, 1) <= MAX_NAME
}
