/** Which files are instrumented: those under a folder of `include` (or that file itself), but for those under `exclude`. */
export interface Scope {
  /** Absolute paths. */
  readonly include: readonly string[]
  readonly exclude?: readonly string[]
  /** Packages that are not, wherever they are installed. */
  readonly packages?: readonly string[]
}

/** Whether a file is to be instrumented. The longest path that holds it decides. */
export function isInScope(file: string, { include, exclude = [], packages = [] }: Scope): boolean {
  const path = withoutQuery(file)
  const name = packageOf(path)
  if (name !== undefined && packages.includes(name)) return false
  const longest = (folders: readonly string[]) =>
    Math.max(-1, ...folders.filter(at => holds(at, path)).map(at => at.length))
  return longest(include) > longest(exclude)
}

function holds(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}

export function withoutQuery(file: string): string {
  return file.replace(/[?#].*$/, '')
}

/** The innermost package that a file belongs to, as far as its path says. */
export function packageOf(path: string): string | undefined {
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]
}
