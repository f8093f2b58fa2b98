import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { conversationsIn, isCapture, saidByClients } from '../../fuzz/campaign/capture.ts'
import { arrivals, inputOf, type Piece } from '../../fuzz/targets/pieces.ts'
import type { Transport } from '../../machine.ts'
import type { Given } from '../options.ts'
import { UsageError } from '../options.ts'
import { out } from '../terminal.ts'
import { campaignOn, settingsOf } from './campaign.ts'
import { serverTransports } from './server.ts'
import { takesPieces, targetNamed } from './targets.ts'

/** The most octets of a file that is taken as one input. */
const LARGEST = 1 << 20

/** `fuzz import FROM TARGET`: files of a folder, or what went each way in a capture, become inputs of its campaign. */
export function importInputs(given: Given): Promise<number> {
  const [, from, name] = given.words
  if (from === undefined || name === undefined) throw new UsageError('fuzz import: from where, and to which target?')
  if (!existsSync(from)) throw new UsageError(`fuzz import: there is nothing at ${from}`)
  const target = targetNamed(name, { allow: given.all('allow'), settings: settingsOf(given) })
  const pieces = takesPieces(target.name)
  const transports = serverTransports(target.name)
  const inputs = inputsAt(from, octets => (transports ? sessionsIn(octets, transports) : conversations(octets, pieces)))
  const folder = campaignOn(given, target.name)
  folder.newInputs()
  const added = inputs.filter(input => folder.addInput(input)).length
  folder.log({ at: Date.now(), event: 'import', from, inputs: inputs.length, added })
  out.line(`${inputs.length} inputs in ${from}, ${added} of them new to ${relative('', folder.path)}`)
  return Promise.resolve(0)
}

/** `captured`: the inputs that a capture holds. */
function inputsAt(path: string, captured: (file: Uint8Array) => Uint8Array[]): Uint8Array[] {
  if (statSync(path).isDirectory()) {
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .map(name => join(path, name))
      .filter(file => statSync(file).isFile())
      .flatMap(file => inputsAt(file, captured))
  }
  const octets = readFileSync(path)
  if (!isCapture(octets)) return octets.length > LARGEST ? [] : [Uint8Array.from(octets)]
  return captured(octets)
}

function conversations(file: Uint8Array, pieces: boolean): Uint8Array[] {
  return conversationsIn(file).flatMap(segments =>
    // A decoder may want a message, or all that came: it gets both.
    pieces ? [arrivals(...segments)] : [...segments, Uint8Array.from(Buffer.concat(segments))],
  )
}

/** What clients said, as sessions with a server: on a flow of the transport that carried it, waiting where they did. */
function sessionsIn(file: Uint8Array, transports: readonly Transport[]): Uint8Array[] {
  return saidByClients(file).flatMap(({ by, parts }) => {
    // What TLS carries may have been captured without.
    const flow = transports.findIndex(each => each === by || (by === 'tcp' && each !== 'udp'))
    if (flow < 0) return []
    const wait: Piece = { kind: 'time', stride: 1, flow }
    const said = parts.map((part): Piece => (part === 'answered' ? wait : { kind: 'octets', octets: part }))
    return [inputOf(flow === 0 ? said : [wait, ...said])]
  })
}
