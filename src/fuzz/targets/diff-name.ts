/** The names of the subjects of `diff:codec:a,module:./b.mjs#decode`; of any other target its own. */
export function subjectsOf(target: string): string[] {
  if (!target.startsWith('diff:')) return [target]
  return target.slice('diff:'.length).split(/,(?=(?:codec|module|machine|server|url):)/)
}

/** Whether servers are behind a target. */
export function isLive(target: string): boolean {
  return subjectsOf(target).some(name => /^(server|url):/.test(name))
}

/**
 * What subjects are called in a disagreement: `dns/message` of `codec:dns/message`, `other#decode` of
 * `module:./lib/other.mjs#decode`, `bind9` of `server:bind9`; by their whole names where these would be the same.
 */
export function shortNames(names: readonly string[]): string[] {
  const short = names.map(name => {
    const rest = name.slice(name.indexOf(':') + 1)
    if (!name.startsWith('module:')) return rest
    const [file = '', exports] = rest.split('#')
    const base = (file.split('/').at(-1) ?? file).replace(/\.[cm]?[jt]s$/, '')
    return exports === undefined ? base : `${base}#${exports}`
  })
  return short.map((name, i) => (short.indexOf(name) === short.lastIndexOf(name) ? name : (names[i] as string)))
}
