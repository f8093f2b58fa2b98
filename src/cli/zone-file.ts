import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { MasterFileError, parseMasterFile } from '../dns/master-file.ts'
import type { Name } from '../dns/name.ts'
import { nameFromText } from '../dns/rdata/field.ts'
import { TextError } from '../dns/tokens.ts'
import type { Zone } from '../dns/zone.ts'
import { ZoneError, zoneOf } from '../dns/zone.ts'
import { UsageError } from './options.ts'

/** What names in a file are relative to until `$ORIGIN` says otherwise, and how one says it. */
export interface Origin {
  readonly name: Name | undefined
  /** `--origin NAME`: for one who has not. */
  readonly say: string
}

const IN_THE_FILE: Origin = { name: undefined, say: '$ORIGIN example.org.' }

/**
 * Reads a master file; one that is no zone, or that leaves open which, is for the one who named it to mend: throws
 * `UsageError` with file and line.
 */
export function readZone(file: string, origin: Origin = IN_THE_FILE): Zone {
  const text = textOf(file)
  const zone = parsed(text, file, origin.name ?? '.')
  // Such a file is meant for a server that is told its name elsewhere; the root's own names its apex by a dot.
  if (origin.name === undefined && zone.apex === '.' && parsed(text, file, 'elsewhere.').apex !== '.') {
    throw new UsageError(`${file} does not say which zone it is: it has no $ORIGIN; ${origin.say} does`)
  }
  return zone
}

function parsed(text: string, file: string, origin: Name): Zone {
  const include = (path: string): string => readFileSync(join(dirname(file), path), 'utf8')
  try {
    return zoneOf(parseMasterFile(text, { file, origin, include }))
  } catch (thrown) {
    if (thrown instanceof MasterFileError) throw new UsageError(oneLine(thrown.message))
    if (thrown instanceof ZoneError) throw new UsageError(oneLine(`${file}: ${thrown.message}`))
    throw thrown
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new UsageError(`the zone file cannot be read: ${(thrown as Error).message}`)
  }
}

/** The absolute name of a zone as people write it, with or without the last dot; throws `UsageError` that says which is none. */
export function zoneNamed(typed: string, what: string): Name {
  try {
    return nameFromText(typed, '.')
  } catch (thrown) {
    if (thrown instanceof TextError) throw new UsageError(oneLine(`${what} is no name: ${thrown.message}`))
    throw thrown
  }
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ')
}
