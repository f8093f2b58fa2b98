import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { MasterFileError, parseMasterFile } from '../dns/master-file.ts'
import type { Name } from '../dns/name.ts'
import { nameFromText } from '../dns/rdata/field.ts'
import { TextError } from '../dns/tokens.ts'
import type { Zone } from '../dns/zone.ts'
import { ZoneError, zoneOf } from '../dns/zone.ts'
import { UsageError } from './options.ts'

/** Reads a master file; one that is no zone is for the one who named it to mend: throws `UsageError` with file and line. */
export function readZone(file: string, origin: Name = '.'): Zone {
  const include = (path: string): string => readFileSync(join(dirname(file), path), 'utf8')
  try {
    return zoneOf(parseMasterFile(textOf(file), { file, origin, include }))
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
