import { createSocket } from 'node:dgram'

// As little as Node can do with a datagram: it goes back as it came, but marked as a response, until the process is killed.
// Addresses are not looked up, as our server does not either.
const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20, lookup: (host, _, done) => done(null, host, 4) })
socket.on('message', (octets, { port, address }) => {
  octets[2] = (octets[2] as number) | 0x80
  socket.send(octets, port, address)
})
socket.bind(0, '127.0.0.1', () => console.log(`127.0.0.1:${socket.address().port}`))
