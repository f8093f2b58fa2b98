import { ipv4Octets, ipv6Octets } from './rdata/address.ts'

/** An address of either family, as sockets tell it, in 4 or 16 octets; none for what is no address. */
export function addressOctets(address: string): Uint8Array {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  return ipv4Octets(mapped ?? address) ?? ipv6Octets(address.replace(/%.*/, '')) ?? new Uint8Array(0)
}
