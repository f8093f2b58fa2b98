// mqtt-packet as a decoder for `fuzz module:scripts/decoders/mqtt-packet.mjs#decode`.
import { installed } from './installed.mjs'

const mqtt = installed('mqtt-packet')

/** Packets of MQTT 5 in one piece. What the parser reports is a refusal. */
export function decode(octets) {
  const parser = mqtt.parser({ protocolVersion: 5 })
  const packets = []
  let refusal
  parser.on('packet', packet => packets.push(packet))
  parser.on('error', error => {
    refusal = error
  })
  parser.parse(octets)
  if (refusal) throw Object.assign(new Error(refusal.message), { name: 'WireError' })
  return packets
}
