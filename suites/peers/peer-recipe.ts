import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Readiness } from '../../src/io/child.ts'
import { which } from '../../src/io/program.ts'
import type { SchemeName } from '../../src/schemes.ts'

/** What holds for every real peer that we can start. */
interface Recipe {
  /** `nginx`: what the command line calls it, and the file of what is known of it. */
  readonly name: string
  /** Debian's package; absent where it comes with us or with Node. */
  readonly package?: string
  readonly protocols: readonly string[]
  /** How it can be spoken to, for each protocol the usual first. */
  readonly offers: readonly SchemeName[]
  /** Where its program is; undefined where it is not installed. */
  readonly program: () => string | undefined
  /** How it tells its version: what to run it with, and what to look for in what it says. */
  readonly version: { readonly args: readonly string[]; readonly pattern: RegExp } | (() => string | undefined)
}

/** What a server is started with. It runs in `folder`, which holds cert.pem, key.pem, both.pem and www/. */
export interface Setting {
  readonly program: string
  readonly folder: string
  /** A free port for each scheme that it offers: for datagrams and streams alike where both carry it. */
  readonly ports: Readonly<Record<SchemeName, number>>
  /** What it will be spoken to by, first of all. */
  readonly scheme: SchemeName
}

export interface ServerRecipe extends Recipe {
  readonly role: 'server'
  /** Configuration by file name; a name that ends in a slash is a folder. */
  readonly files?: (setting: Setting) => Readonly<Record<string, string>>
  readonly args: (setting: Setting) => readonly string[]
  readonly env?: (setting: Setting) => Readonly<Record<string, string>>
  /** What it writes when it is ready, besides answering on its ports, which is asked of all. */
  readonly ready?: readonly Readiness[]
  /** What it listens for, where that is not all that it offers. */
  readonly listens?: (setting: Setting) => readonly SchemeName[]
  /** Where it serves what, by the protocol's own names. */
  readonly resources: Readonly<Record<string, string>>
  /** DNS: how many errors it answers in a second, where that is not as many as it is asked for. */
  readonly mostErrors?: number
  /** SIGTERM when absent. */
  readonly stopSignal?: NodeJS.Signals
  /** What its output says when a part of it crashed that it then replaces. */
  readonly crash?: { readonly pattern: RegExp; readonly file?: string }
}

export interface ClientRecipe extends Recipe {
  readonly role: 'client'
  /** Files that the command needs, for `{folder}` in it. */
  readonly files?: () => Readonly<Record<string, string>>
  /** The command for the shell, with the placeholders of a client peer and `{program}` and `{folder}`. */
  readonly run: (scheme: SchemeName) => string
}

export type PeerRecipe = ServerRecipe | ClientRecipe

/** What every file server has: a page, and a file larger than any window that HTTP/2 begins with. */
export const FILES: ServerRecipe['resources'] = { path: '/', large: '/big.bin' }
export const PAGE = 'hello-peer\n'
export const LARGE = 200_000

/** The zone that every server of DNS is given, and the name of its file where it runs. */
export const ZONE: ServerRecipe['resources'] = { zone: 'example.test.' }
export const ZONE_FILE = 'example.test.zone'

/** Its text, as a file for a recipe: a master file that any server can load. */
export function zoneFile(): Readonly<Record<string, string>> {
  const file = fileURLToPath(new URL(`../dns/zones/${ZONE_FILE}`, import.meta.url))
  return { [ZONE_FILE]: readFileSync(file, 'utf8') }
}

/** The version of a peer as far as it tells, or undefined where it is not installed. */
export async function installedVersion(recipe: PeerRecipe): Promise<string | undefined> {
  const program = recipe.program()
  if (program === undefined) return undefined
  if (typeof recipe.version === 'function') return recipe.version()
  const { args, pattern } = recipe.version
  return await new Promise(resolve => {
    execFile(program, [...args], { timeout: 10_000 }, (error, stdout, stderr) => {
      const told = pattern.exec(stdout + stderr)?.[1]
      // Some tell it and then call that a failure.
      resolve(told ?? (error ? undefined : 'unknown'))
    })
  })
}

/** A program that is found by its name. */
export function installed(name: string): () => string | undefined {
  return () => which(name)
}
