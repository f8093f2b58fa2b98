import type { Transport } from '../../machine.ts'
import type { Codec } from '../../wire/codec.ts'
import { decode, encode } from '../../wire/whole.ts'
import type { Chance } from '../target.ts'
import { quietly } from '../triage.ts'
import { mutateValue } from './value.ts'

/** What fuzzing has to know of how sessions of a protocol look. None of it throws, whatever the octets are. */
export interface SessionForm {
  /** Cuts what goes to a server into its messages, which joined are the same octets; what is none stands by itself. */
  messages(octets: Uint8Array, transport: Transport): Uint8Array[]
  /** The same message with a field changed; undefined where it makes nothing of it. */
  change?(message: Uint8Array, transport: Transport, chance: Chance): Uint8Array | undefined
  /** What a server's answers say, one number each: response codes, types of frames, errors. Over datagrams each is one. */
  answers(arrivals: readonly Uint8Array[], transport: Transport): number[]
  /** What was sent on a flow so far, piece by piece, in words for people: a line for each message. */
  tell?(sent: readonly Uint8Array[], transport: Transport): readonly (readonly string[])[]
  /** An answer in words for people: `NOERROR`, `HEADERS 200`. Its number unless said. */
  word?(answer: number, transport: Transport): string
  /** Words of the protocol. */
  readonly tokens?: readonly Uint8Array[] | undefined
}

/** Changes one field of a message that a codec reads whole. */
export function changedBy(codec: Codec<unknown>, message: Uint8Array, chance: Chance): Uint8Array | undefined {
  let changed: Uint8Array | undefined
  quietly(() => {
    changed = encode(codec, mutateValue(decode(codec, message), chance))
  })
  return changed
}

/** Joins what came on a stream. */
export function joined(arrivals: readonly Uint8Array[]): Uint8Array {
  return arrivals.length === 1 ? (arrivals[0] as Uint8Array) : Buffer.concat(arrivals)
}

const NEWLINE = 10
/** How long an argument may become: around what buffers have room for. */
const LENGTHS = [16, 32, 64, 65, 128, 256, 257, 512, 1024]

/** Lines of a word and its argument that are answered by lines which begin with a number of three digits, as in FTP and SMTP. */
export function lineForm(words: readonly string[] = []): SessionForm {
  return {
    messages(octets) {
      const lines: Uint8Array[] = []
      for (let at = 0; at < octets.length; ) {
        const end = octets.indexOf(NEWLINE, at)
        const next = end < 0 ? octets.length : end + 1
        lines.push(octets.subarray(at, next))
        at = next
      }
      return lines
    },
    change(line, _transport, chance) {
      const [, word = '', rest = '', end = ''] =
        /^(\S*)([^\r\n]*)(.*)$/s.exec(Buffer.from(line).toString('latin1')) ?? []
      const argument = rest.trim()
      if (chance.oneIn(6)) return Buffer.from(`${words.length > 0 ? chance.pick(words) : word}${rest}${end}`, 'latin1')
      const others = ['', '-1', '0', '65536', '4294967296', '%n%s', '../', `${argument}x`, `-${argument}`]
      const long = (argument || 'x').repeat(Math.ceil(chance.pick(LENGTHS) / (argument.length || 1)))
      return Buffer.from(`${word} ${chance.oneIn(3) ? long : chance.pick(others)}${end}`, 'latin1')
    },
    answers(arrivals) {
      const lines = Buffer.from(joined(arrivals))
        .toString('latin1')
        .matchAll(/^(\d{3})/gm)
      return Array.from(lines, ([, code]) => Number(code))
    },
    tokens: words.map(word => Buffer.from(word, 'latin1')),
  }
}
