import { createServer } from 'node:net'
import { afterAll, expect, it } from 'vitest'
import { freePorts } from './free-port.ts'
import { connectRedis, RedisError } from './redis.ts'

const silent = createServer(socket => socket.on('error', () => {}).resume())
afterAll(() => new Promise(resolve => silent.close(resolve)))

const refused = async (url: string): Promise<string> => {
  const error = await connectRedis(url).then(
    connection => connection.close(),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(RedisError)
  return (error as RedisError).message
}

it.each([
  ['', /'' is no URL of Redis \(redis:\/\/127\.0\.0\.1:6379\)/],
  ['127.0.0.1:6379', /is no URL of Redis|begins with redis:\/\//],
  ['http://127.0.0.1:6379', /begins with redis:\/\/ or, for TLS, rediss:\/\/, not with http:\/\//],
  ['redis:///0', /names no host/],
  ['redis://127.0.0.1/main', /databases of Redis are numbers: redis:\/\/127\.0\.0\.1\/0/],
])('says what is wrong with %j', async (url, message) => {
  expect(await refused(url)).toMatch(message)
})

it('says that nobody listens, and never the password', async () => {
  const [port] = await freePorts(1)
  const message = await refused(`redis://user:secret@127.0.0.1:${port}`)
  expect(message).toMatch(`no Redis at redis://127.0.0.1:${port}: nobody listens there (ECONNREFUSED); start one`)
  expect(message).not.toMatch('secret')
  expect(await refused(`rediss://:secret@127.0.0.1:${port}/1`)).toMatch(`no Redis at rediss://127.0.0.1:${port}/1`)
})

it('does not wait for ever for one who says nothing', async () => {
  const port = await new Promise<number>(resolve => {
    silent.listen(0, '127.0.0.1', () => resolve((silent.address() as { port: number }).port))
  })
  expect(await refused(`redis://127.0.0.1:${port}`)).toMatch(/no answer within 5 s/)
})
