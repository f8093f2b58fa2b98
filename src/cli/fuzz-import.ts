import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { conversationsIn, isCapture } from '../fuzz/campaign/capture.ts'
import { arrivals } from '../fuzz/targets/pieces.ts'
import { campaignOn } from './fuzz-campaign.ts'
import { takesPieces, targetNamed } from './fuzz-targets.ts'
import type { Given } from './options.ts'
import { UsageError } from './options.ts'
import { out } from './terminal.ts'

/** The most octets of a file that is taken as one input. */
const LARGEST = 1 << 20

/** `fuzz import FROM TARGET`: files of a folder, or what went each way in a capture, become inputs of its campaign. */
export function importInputs(given: Given): Promise<number> {
  const [, from, name] = given.words
  if (from === undefined || name === undefined) throw new UsageError('fuzz import: from where, and to which target?')
  if (!existsSync(from)) throw new UsageError(`fuzz import: there is nothing at ${from}`)
  const target = targetNamed(name, { allow: given.all('allow') })
  const pieces = takesPieces(target.name)
  const inputs = inputsAt(from, pieces)
  const folder = campaignOn(given, target.name)
  folder.newInputs()
  const added = inputs.filter(input => folder.addInput(input)).length
  folder.log({ at: Date.now(), event: 'import', from, inputs: inputs.length, added })
  out.line(`${inputs.length} inputs in ${from}, ${added} of them new to ${relative('', folder.path)}`)
  return Promise.resolve(0)
}

function inputsAt(path: string, pieces: boolean): Uint8Array[] {
  if (statSync(path).isDirectory()) {
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .map(name => join(path, name))
      .filter(file => statSync(file).isFile())
      .flatMap(file => inputsAt(file, pieces))
  }
  const octets = readFileSync(path)
  if (!isCapture(octets)) return octets.length > LARGEST ? [] : [Uint8Array.from(octets)]
  return conversationsIn(octets).flatMap(segments =>
    // A decoder may want a message, or all that came: it gets both.
    pieces ? [arrivals(...segments)] : [...segments, Uint8Array.from(Buffer.concat(segments))],
  )
}
