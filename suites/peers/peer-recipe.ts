import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Readiness } from '../../src/io/child.ts'
import { which } from '../../src/io/program.ts'

/** What holds for every real peer that we can start. */
interface Recipe {
  /** `nginx`: what the command line calls it, and the file of what is known of it. */
  readonly name: string
  /** Debian's package; absent where it comes with us or with Node. */
  readonly package?: string
  readonly protocols: readonly string[]
  /** How it can be spoken to: HTTP/2 with prior knowledge, or over TLS. */
  readonly offers: readonly Transport[]
  /** Where its program is; undefined where it is not installed. */
  readonly program: () => string | undefined
  /** How it tells its version: what to run it with, and what to look for in what it says. */
  readonly version: { readonly args: readonly string[]; readonly pattern: RegExp } | (() => string | undefined)
}

export type Transport = 'h2c' | 'tls'

/** What a server is started with. It runs in `folder`, which holds cert.pem, key.pem, both.pem and www/. */
export interface Setting {
  readonly program: string
  readonly folder: string
  readonly ports: Readonly<Record<Transport, number>>
  /** Which of them will be spoken to. */
  readonly transport: Transport
}

export interface ServerRecipe extends Recipe {
  readonly role: 'server'
  /** Configuration by file name; a name that ends in a slash is a folder. */
  readonly files?: (setting: Setting) => Readonly<Record<string, string>>
  readonly args: (setting: Setting) => readonly string[]
  readonly env?: (setting: Setting) => Readonly<Record<string, string>>
  /** What it writes when it is ready, besides answering on its ports, which is asked of all. */
  readonly ready?: readonly Readiness[]
  /** Ports that listen, whichever transport is asked for; absent: all that it offers. */
  readonly listens?: (setting: Setting) => readonly Transport[]
  /** Where it serves what, by the protocol's own names. */
  readonly resources: Readonly<Record<string, string>>
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
  readonly run: (transport: Transport) => string
}

export type PeerRecipe = ServerRecipe | ClientRecipe

/** What every file server has: a page, and a file larger than any window that HTTP/2 begins with. */
export const FILES: ServerRecipe['resources'] = { path: '/', large: '/big.bin' }
export const PAGE = 'hello-peer\n'
export const LARGE = 200_000

/** The version of a peer as far as it tells, or undefined where it is not installed. */
export async function installedVersion(recipe: PeerRecipe): Promise<string | undefined> {
  const program = recipe.program()
  if (program === undefined) return undefined
  if (typeof recipe.version === 'function') return recipe.version()
  const { args, pattern } = recipe.version
  try {
    const { stdout, stderr } = await promisify(execFile)(program, [...args], { timeout: 10_000 })
    return pattern.exec(stdout + stderr)?.[1] ?? 'unknown'
  } catch {
    return undefined
  }
}

/** A program that is found by its name. */
export function installed(name: string): () => string | undefined {
  return () => which(name)
}
