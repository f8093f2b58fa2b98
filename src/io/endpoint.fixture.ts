import type { Endpoint } from '../machine.ts'

export const text = (octets: Uint8Array): string => new TextDecoder().decode(octets)
export const octets = (content: string): Uint8Array => new TextEncoder().encode(content)

/** An endpoint made of what it does with what comes; its output is one queue. */
export function endpoint(parts: Partial<Endpoint> & { output?: (Uint8Array | 'close')[] }): Endpoint {
  const output = parts.output ?? []
  return { receive() {}, tick() {}, transmit: () => output.splice(0), ...parts }
}

/** Says everything back, and closes when the other side does. */
export function echo(): Endpoint {
  const output: (Uint8Array | 'close')[] = []
  return endpoint({ output, receive: got => void output.push(got === 'eof' ? 'close' : got) })
}
