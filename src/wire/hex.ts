/**
 * Octets from hexadecimal digits; white space may stand between octets, as in `hex('00 0a')`.
 * Throws `SyntaxError` that says which character is wrong.
 */
export function hex(text: string): Uint8Array {
  const octets = new Uint8Array(text.length >> 1)
  let length = 0
  let high = -1
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i)
    const digit = Number.parseInt(character, 16)
    if (!Number.isNaN(digit)) {
      if (high < 0) high = digit
      else {
        octets[length++] = high * 16 + digit
        high = -1
      }
    } else if (!/\s/.test(character)) throw new SyntaxError(`hex: '${character}' at character ${i} is no hex digit`)
    else if (high >= 0) throw new SyntaxError(`hex: half an octet before character ${i}`)
  }
  if (high >= 0) throw new SyntaxError('hex: half an octet at the end')
  return octets.subarray(0, length)
}

/** Hexadecimal digits of octets, two each in lower case, with `between` them. */
export function toHex(octets: Uint8Array, between = ''): string {
  let text = ''
  for (let i = 0; i < octets.length; i++) {
    if (i > 0) text += between
    text += (octets[i] as number).toString(16).padStart(2, '0')
  }
  return text
}
