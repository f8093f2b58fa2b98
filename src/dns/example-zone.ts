import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseMasterFile } from './master-file.ts'
import type { Zone } from './zone.ts'
import { zoneOf } from './zone.ts'

/** The zone that the suites know: a file that any server can load. */
export const EXAMPLE_ZONE_FILE: string = fileURLToPath(
  new URL('../../suites/dns/zones/example.test.zone', import.meta.url),
)

let known: Zone | undefined

/** The zone of that file, read once. */
export function exampleZone(): Zone {
  known ??= zoneOf(parseMasterFile(readFileSync(EXAMPLE_ZONE_FILE, 'utf8'), { file: EXAMPLE_ZONE_FILE }))
  return known
}
