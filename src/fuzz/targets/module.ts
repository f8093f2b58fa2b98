import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { IN_HEAP } from '../engine/new-octets.ts'
import { ACCEPTED, type FuzzSubject, type Outcome, REFUSED, type Target } from '../target.ts'
import { found, quietly, thrownFind } from '../triage.ts'

/** How a module's function becomes a target. */
export interface ModuleOptions {
  /** A file, or a package as code in this folder would import it. */
  readonly file: string
  /** `decode`, `Parser.read`; the module's default, or what it is as a whole, when empty. */
  readonly export: string
  /** Names of errors that are refusals, besides `WireError`. */
  readonly allow: readonly string[]
  readonly seeds?: readonly Uint8Array[]
}

type Decoder = (octets: Uint8Array) => unknown

/** The target of `module:FILE#EXPORT`. */
export function moduleNamed(name: string, allow: readonly string[]): Target {
  return moduleTarget(moduleOptions(name, allow))
}

/** What `module:FILE#EXPORT`, or anything else of that form, says. */
export function moduleOptions(name: string, allow: readonly string[] = []): ModuleOptions {
  const rest = name.slice(name.indexOf(':') + 1)
  const at = rest.lastIndexOf('#')
  return { file: at < 0 ? rest : rest.slice(0, at), export: at < 0 ? '' : rest.slice(at + 1), allow }
}

/** The file of somebody's code that a target is; undefined where it is one of the catalogue. */
export function moduleFileOf(target: string): string | undefined {
  const isFile = target.startsWith('module:') || (target.startsWith('property:') && target.includes('#'))
  return isFile ? moduleOptions(target).file : undefined
}

/** `module:./decode.mjs#decode` */
export function moduleName({ file, export: exports }: ModuleOptions): string {
  return `module:${file}${exports === '' ? '' : `#${exports}`}`
}

/** Anybody's decoder: a function of octets. An error whose name is `WireError`, or allowed, is a refusal. */
export function moduleTarget(options: ModuleOptions): Target {
  return {
    name: moduleName(options),
    about: `${options.export || 'what is exported'} of ${options.file}`,
    deterministic: true,
    start: async () => moduleSubject(await loadDecoder(options), options.seeds ?? []),
  }
}

/** A decoder as it is called: with octets of its own each time. */
export interface LoadedDecoder {
  /** Throws whatever it throws. */
  readonly decode: Decoder
  /** Whether what it threw is a refusal. */
  refuses(thrown: unknown): boolean
}

/** Throws an `Error` that says what is not there. */
export async function loadDecoder(options: ModuleOptions): Promise<LoadedDecoder> {
  const { value, holder } = await exported(options, isFunction, 'function')
  const refusals = new Set(['WireError', ...options.allow])
  return { decode: input => value.call(holder, own(input)), refuses: thrown => isRefusal(thrown, refusals) }
}

function moduleSubject({ decode, refuses }: LoadedDecoder, seeds: readonly Uint8Array[]): FuzzSubject {
  function outcomeOf(thrown: unknown, again: () => unknown): Outcome | Promise<Outcome> {
    if (refuses(thrown)) return REFUSED
    return thrownAgain(again, thrown).then(loud => found(thrownFind('crash', loud)))
  }
  return {
    seeds,
    tokens: [],
    run(input) {
      let result: unknown
      const failed = quietly(() => {
        result = decode(input)
      })
      if (failed) return outcomeOf(failed.thrown, () => decode(input))
      if (!isThenable(result)) return ACCEPTED
      return Promise.resolve(result).then(
        () => ACCEPTED,
        (thrown: unknown) => outcomeOf(thrown, () => decode(input)),
      )
    },
  }
}

/** What is thrown when it is done again with the whole stack; what was thrown before where nothing is. */
export async function thrownAgain(again: () => unknown, before: unknown): Promise<unknown> {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 50
  try {
    await again()
    return before
  } catch (thrown) {
    return thrown
  } finally {
    Error.stackTraceLimit = limit
  }
}

/** A Buffer that is nobody else's: decoders may keep it, write into it, and look at what lies around it. */
function own(input: Uint8Array): Buffer {
  // What V8 does not have in its own heap is quicker to copy than to make.
  if (input.length > IN_HEAP) return Buffer.from(Uint8Array.prototype.slice.call(input).buffer)
  const octets = Buffer.allocUnsafeSlow(input.length)
  octets.set(input)
  return octets
}

export function isRefusal(thrown: unknown, refusals: ReadonlySet<string>): boolean {
  if (typeof thrown !== 'object' || thrown === null) return false
  const { name } = thrown as { readonly name?: unknown }
  return (typeof name === 'string' && refusals.has(name)) || refusals.has((thrown as object).constructor?.name ?? '')
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}

/** Where a module is, as a URL. Throws an `Error` that says it is nowhere. */
function locate(file: string): string {
  const path = resolve(file)
  if (existsSync(path)) return pathToFileURL(path).href
  try {
    return pathToFileURL(createRequire(resolve('here.js')).resolve(file)).href
  } catch {
    throw new Error(`there is no file ${file}, and no package of that name`)
  }
}

/**
 * What a module exports by a name, and what that belongs to. Throws an `Error` that says what else there is where nothing of
 * that name `fits`.
 */
export async function exported<T>(
  { file, export: name }: Pick<ModuleOptions, 'file' | 'export'>,
  fits: (value: unknown) => value is T,
  what: string,
): Promise<{ readonly value: T; readonly holder: unknown }> {
  const module = (await import(locate(file))) as Record<string, unknown>
  const names = name === '' ? [] : name.split('.')
  const roots = [module, module['default']]
  if (names.length === 0) roots.reverse()
  for (const root of roots) {
    let holder: unknown
    let value: unknown = root
    for (const part of names) {
      holder = value
      value = (value as Record<string, unknown> | null | undefined)?.[part]
    }
    if (fits(value)) return { value, holder }
  }
  const others = Object.keys({ ...module, ...(module['default'] as object) }).join(', ')
  throw new Error(`${file} exports no ${what}${name && ` ${name}`} (it exports ${others || 'nothing'})`)
}

function isFunction(value: unknown): value is Decoder {
  return typeof value === 'function'
}
