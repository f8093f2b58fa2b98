/**
 * Matches ids by a glob: `*` stands for any run of characters, `?` for one, `{a,b}` for either. Without any of these
 * the text matches as a whole or as the beginning or end of an id, between slashes: `rfc9113/6.5` matches all of it.
 */
export function glob(pattern: string): (id: string) => boolean {
  if (!/[*?{]/.test(pattern)) {
    return id => id === pattern || id.startsWith(`${pattern}/`) || id.endsWith(`/${pattern}`) || inside(id, pattern)
  }
  let source = ''
  let depth = 0
  for (const character of pattern) {
    if (character === '*') source += '.*'
    else if (character === '?') source += '.'
    else if (character === '{') {
      source += '(?:'
      depth += 1
    } else if (character === '}' && depth > 0) {
      source += ')'
      depth -= 1
    } else if (character === ',' && depth > 0) source += '|'
    else source += character.replace(/[\\^$.|+()[\]{}]/, '\\$&')
  }
  const expression = new RegExp(`^${source}${')'.repeat(depth)}$`, 's')
  return id => expression.test(id)
}

function inside(id: string, pattern: string): boolean {
  return id.includes(`/${pattern}/`)
}
