import { createRequire } from 'node:module'
import { ACCEPTED, type FuzzSubject, REFUSED } from '../../src/fuzz/target.ts'

export type Run = (octets: Buffer) => void

/** A decoder that somebody else wrote. */
export interface Decoder {
  readonly name: string
  /** A folder from which the package is found. */
  readonly from: string
  /** What of it is watched. */
  readonly scope: readonly string[]
  /** Blocks to be reached within a minute from nothing. */
  readonly blocks: number
  readonly start: (module: never) => Run
}

const HERE = new URL('../../', import.meta.url).pathname

/**
 * The folder in whose `node_modules` mqtt-packet is. It is no dependency: `npm install --prefix <folder> mqtt-packet`, then
 * `MQTT_PACKET=<folder> npm run bench -- fuzz`.
 */
export const MQTT: string | undefined = process.env['MQTT_PACKET']

interface Parser {
  on(event: string, listener: (value: unknown) => void): void
  parse(octets: Buffer): void
}

const dnsPacket: Decoder = {
  name: 'dns-packet',
  from: HERE,
  scope: [`${HERE}node_modules/dns-packet`, `${HERE}node_modules/@leichtgewicht`],
  blocks: 240,
  start: (module: { decode: Run }) => octets => void module.decode(octets),
}

const mqttPacket: Decoder = {
  name: 'mqtt-packet',
  from: `${MQTT}/`,
  scope: [`${MQTT}/node_modules/mqtt-packet`],
  blocks: 290,
  start: (module: { parser(): Parser }) => octets => {
    const parser = module.parser()
    let failure: unknown
    parser.on('packet', () => {})
    parser.on('error', error => {
      failure = error
    })
    parser.parse(octets)
    if (failure !== undefined) throw failure
  },
}

/** Those that are there. */
export const decoders: readonly Decoder[] = MQTT === undefined ? [dnsPacket] : [dnsPacket, mqttPacket]

/** Loads a package again, apart from what was loaded before. */
export function load({ from, scope, name, start }: Decoder): Run {
  const require = createRequire(`${from}package.json`)
  for (const file of Object.keys(require.cache))
    if (scope.some(folder => file.startsWith(folder))) delete require.cache[file]
  return start(require(name) as never)
}

/** All that a decoder throws is a refusal here: it is the speed that counts. */
export function subjectOf(run: Run): FuzzSubject {
  return {
    seeds: [],
    tokens: [],
    run(input) {
      try {
        run(Buffer.from(input.buffer, input.byteOffset, input.byteLength))
        return ACCEPTED
      } catch {
        return REFUSED
      }
    },
  }
}
