/** A file of vectors, as `vectors/schema.json` has it. */
export interface VectorFile {
  readonly about: string
  readonly sources: readonly { readonly title: string; readonly url: string }[]
  /** What each flag means. */
  readonly flags: Readonly<Record<string, { readonly note: string }>>
  readonly groups: readonly VectorGroup[]
}

export interface VectorGroup {
  /** Its name in the catalogue. */
  readonly codec: string
  readonly about: string
  /** The vectors come one after the other to the same codec, which remembers. */
  readonly session?: boolean
  /** What a stateful codec is made with. */
  readonly options?: Readonly<Record<string, number>>
  readonly vectors: readonly Vector[]
}

/** Octets, and either the value that they are or the error. */
export interface Vector {
  /** Unique in its file. */
  readonly id: string
  readonly comment: string
  readonly section: string
  /** In hex. */
  readonly octets: string
  readonly value?: unknown
  readonly state?: unknown
  /** The value has other encodings too. */
  readonly oneWay?: boolean
  readonly error?: { readonly code: 'truncated' | 'malformed' | 'trailing' }
  readonly flags?: readonly string[]
}

/** Reads a file of vectors. Throws `SyntaxError` that says where in it something is not as it should be. */
export function parseVectors(name: string, text: string): VectorFile {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new SyntaxError(`${name}: ${(error as Error).message}`)
  }
  const file = wholeFile(name, json)
  const ids = new Set<string>()
  const flagged = new Set<string>()
  for (const vector of file.groups.flatMap(group => group.vectors)) {
    if (ids.has(vector.id)) throw new SyntaxError(`${name}: two vectors with the id ${vector.id}`)
    ids.add(vector.id)
    for (const flag of vector.flags ?? []) {
      if (!Object.hasOwn(file.flags, flag)) throw new SyntaxError(`${name}: ${vector.id}: no note on the flag ${flag}`)
      flagged.add(flag)
    }
  }
  for (const flag of Object.keys(file.flags))
    if (!flagged.has(flag)) throw new SyntaxError(`${name}: no vector has the flag ${flag}`)
  return file
}

type Shape<T> = (at: string, given: unknown) => T

const string: Shape<string> = (at, given) => (typeof given === 'string' ? given : wrong(at, 'is no string'))
const number: Shape<number> = (at, given) => (typeof given === 'number' ? given : wrong(at, 'is no number'))
const boolean: Shape<boolean> = (at, given) => (typeof given === 'boolean' ? given : wrong(at, 'is no boolean'))
const anything: Shape<unknown> = (_at, given) => given

function matching(pattern: RegExp): Shape<string> {
  return (at, given) => (pattern.test(string(at, given)) ? (given as string) : wrong(at, `does not match ${pattern}`))
}

function list<T>(item: Shape<T>, least: number): Shape<readonly T[]> {
  return (at, given) => {
    if (!Array.isArray(given)) return wrong(at, 'is no array')
    return given.length < least ? wrong(at, 'is empty') : given.map((each, i) => item(`${at}[${i}]`, each))
  }
}

function record<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (at, given) => {
    for (const [name, part] of Object.entries(properties(at, given))) item(`${at}.${name}`, part)
    return given as Readonly<Record<string, T>>
  }
}

/** An object with these properties, those that must be there and those that may. */
function object<T>(must: Readonly<Record<string, Shape<unknown>>>, may: Readonly<Record<string, Shape<unknown>>> = {}) {
  return (at: string, given: unknown): T => {
    const found = properties(at, given)
    for (const name of Object.keys(must)) if (!Object.hasOwn(found, name)) wrong(at, `has no ${name}`)
    for (const [name, part] of Object.entries(found)) {
      const shape = must[name] ?? may[name]
      if (shape === undefined) wrong(at, `has an unknown property ${name}`)
      else shape(`${at}.${name}`, part)
    }
    return found as T
  }
}

function properties(at: string, given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return wrong(at, 'is no object')
  return given as Readonly<Record<string, unknown>>
}

function wrong(at: string, what: string): never {
  throw new SyntaxError(`${at} ${what}`)
}

const vectorParts = object<Vector>(
  { id: matching(/^[a-z0-9-]+$/), comment: string, section: string, octets: matching(/^([0-9a-f]{2})*$/) },
  {
    value: anything,
    state: record(anything),
    oneWay: boolean,
    error: object({ code: matching(/^(truncated|malformed|trailing)$/) }),
    flags: list(string, 0),
  },
)

const vector: Shape<Vector> = (at, given) => {
  const found = vectorParts(at, given)
  const outcomes = ['value', 'error'].filter(name => Object.hasOwn(found, name))
  return outcomes.length === 1 ? found : wrong(at, 'wants either a value or an error')
}

const group = object<VectorGroup>(
  { codec: string, about: string, vectors: list(vector, 1) },
  { session: boolean, options: record(number) },
)

const wholeFile = object<VectorFile>(
  {
    about: string,
    sources: list(object({ title: string, url: string }), 1),
    flags: record(object({ note: string })),
    groups: list(group, 1),
  },
  { $schema: string },
)
