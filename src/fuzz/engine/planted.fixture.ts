/**
 * Faults that are planted behind what makes them hard to find. Each takes octets and throws `Planted` where it is reached.
 * The code is loaded as it is instrumented, and imports nothing.
 */
class Planted extends Error {
  override name = 'Planted'
}

function u16(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
}

function u32(octets: Uint8Array, at: number): number {
  return ((u16(octets, at) << 16) | u16(octets, at + 2)) >>> 0
}

function text(octets: Uint8Array): string {
  return String.fromCharCode(...octets)
}

function crc32(octets: Uint8Array): number {
  let crc = ~0
  for (const octet of octets) {
    crc ^= octet
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

/** A frame whose length has to match, with a magic of four octets inside. */
function lengthGuardedMagic(octets: Uint8Array): void {
  if (octets.length < 7) return
  const length = u16(octets, 0)
  if (length !== octets.length - 2) return
  if (octets[2] !== 3) return
  if (u32(octets, 3) === 0x7f454c46 && length > 12) throw new Planted('lengthGuardedMagic')
}

/** A word, another word behind a colon, in text. */
function stringMagic(octets: Uint8Array): void {
  const line = text(octets)
  if (!line.startsWith('HELO ')) return
  const [name, value] = line.slice(5).split(':')
  if (name === 'xyzzy-plugh' && value === 'open sesame') throw new Planted('stringMagic')
}

/** 16 and 32 bits of different orders, which are changed before they are compared. */
function equality(octets: Uint8Array): void {
  if (octets.length < 8) return
  const short = (octets[0] as number) | ((octets[1] as number) << 8)
  const long = u32(octets, 2)
  if (short + 17 !== 0x1337 + 17) return
  if ((long ^ 0x5a5a5a5a) >>> 0 === 0xdeadbeef) throw new Planted('equality')
}

/** Octet by octet. */
function byteChain(octets: Uint8Array): void {
  if (octets[0] === 0x13)
    if (octets[1] === 0x37)
      if (octets[2] === 0xca)
        if (octets[3] === 0xfe)
          if (octets[4] === 0xba) if (octets[5] === 0xbe) if (octets[6] === 0x42) throw new Planted('byteChain')
}

/** A record with a checksum behind it, and a field in it. */
function crcGuarded(octets: Uint8Array): void {
  if (octets.length < 12) return
  const end = octets.length - 4
  if (crc32(octets.subarray(0, end)) !== u32(octets, end)) return
  if (octets[0] !== 0xa5) return
  if (u16(octets, 2) === 0xbeef) throw new Planted('crcGuarded')
}

/** Eight commands in the right order; any other leads back to the beginning. */
function eightSteps(octets: Uint8Array): void {
  let state = 0
  for (const octet of octets) {
    const command = octet & 0x0f
    switch (state) {
      case 0:
        state = command === 3 ? 1 : 0
        break
      case 1:
        state = command === 7 ? 2 : 0
        break
      case 2:
        state = command === 1 ? 3 : 0
        break
      case 3:
        state = command === 12 ? 4 : 0
        break
      case 4:
        state = command === 5 ? 5 : 0
        break
      case 5:
        state = command === 9 ? 6 : 0
        break
      case 6:
        state = command === 2 ? 7 : 0
        break
      default:
        if (command === 14) throw new Planted('eightSteps')
        state = 0
    }
  }
}

/** The same by a table, without a block for each step. */
function eightStepsByTable(octets: Uint8Array): void {
  const way = [3, 7, 1, 12, 5, 9, 2, 14]
  let state = 0
  for (const octet of octets) {
    if ((octet & 0x0f) === way[state]) state++
    else state = 0
    if (state === 8) throw new Planted('eightStepsByTable')
  }
}

/** A type, a length and a value inside another; the lengths have to reach the end, and the value is a word. */
function nestedLengths(octets: Uint8Array): void {
  if (octets[0] !== 0x30 || octets[1] !== octets.length - 2) return
  let at = 2
  while (at + 2 <= octets.length) {
    const length = octets[at + 1] as number
    if (at + 2 + length > octets.length) return
    const value = octets.subarray(at + 2, at + 2 + length)
    if (octets[at] === 4 && text(value) === 'private key') throw new Planted('nestedLengths')
    at += 2 + length
  }
}

/** A number in digits, too large, in a header. */
function digits(octets: Uint8Array): void {
  const match = /^len=(\d+);/.exec(text(octets))
  if (match === null) return
  const length = Number(match[1])
  if (length === 70368744) throw new Planted('digits')
}

/** A command that is found in a table. */
function lookedUp(octets: Uint8Array): void {
  const commands = new Map([
    ['LIST', 1],
    ['SELECT', 2],
    ['XSECRET', 3],
  ])
  const [command = '', rest = ''] = text(octets).split(' ')
  if (commands.get(command) === 3 && rest.includes('now')) throw new Planted('lookedUp')
}

/** A plain sum as checksum, as in IP headers; and a version. */
function sumGuarded(octets: Uint8Array): void {
  if (octets.length < 10) return
  let sum = 0
  for (let i = 2; i < octets.length; i++) sum = (sum + (octets[i] as number)) & 0xffff
  if (sum !== u16(octets, 0)) return
  if (octets[4] === 0x45 && u32(octets, 5) === 0x0a000001) throw new Planted('sumGuarded')
}

/** A large number is reached only by way of smaller ones. */
function overThreshold(octets: Uint8Array): void {
  if (octets.length < 5) return
  const number = u32(octets, 1)
  if (number % 1000 !== 777) return
  if (number > 4_000_000_000) throw new Planted('overThreshold')
}

export const planted: Readonly<Record<string, (octets: Uint8Array) => void>> = {
  lengthGuardedMagic,
  stringMagic,
  equality,
  byteChain,
  crcGuarded,
  eightSteps,
  eightStepsByTable,
  nestedLengths,
  digits,
  lookedUp,
  sumGuarded,
  overThreshold,
}
