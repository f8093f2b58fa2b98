import { dial } from '../../src/io/tcp.ts'

/** RFC 9113 §3.4: the client's connection preface, with a SETTINGS frame that is empty. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1')
const SETTINGS = 0x4
const FRAME_HEADER = 9

/** Whether an HTTP/2 server is behind a port: it sends SETTINGS first. Never throws. */
export async function saysHello(port: number, tls: boolean, timeout = 1000): Promise<boolean> {
  try {
    const where = { host: '127.0.0.1', port, timeout }
    const channel = await dial(tls ? { ...where, tls: { insecure: true } } : where)
    try {
      channel.send(PREFACE)
      const arrival = await channel.receive(timeout)
      return arrival.kind === 'octets' && arrival.octets.length >= FRAME_HEADER && arrival.octets[3] === SETTINGS
    } finally {
      channel.destroy()
    }
  } catch {
    return false
  }
}
