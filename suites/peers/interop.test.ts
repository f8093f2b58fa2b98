import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import { connect, constants } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { honoursAll } from '../../src/conformance/rule.ts'
import { http2 } from '../../src/http2/protocol.ts'
import { GREETING } from '../../src/http2/site.ts'
import { certificate } from '../../src/io/certificate.ts'
import { type Host, hostEndpoint } from '../../src/io/host.ts'

/** Other people's clients, which know nothing of ours, at our own server. */

const MIB = Buffer.from(new Uint8Array(1 << 20).map((_, at) => at ^ (at >> 8)))
const folder = mkdtempSync(join(tmpdir(), 'wiregrade-interop-'))
const upload = join(folder, 'upload')
const thrown: unknown[] = []
let plain: Host
let secure: Host
let six: Host

function serving(host: string, tls: boolean): Promise<Host> {
  const subject = http2.subject('server', honoursAll)
  return hostEndpoint({
    host,
    port: 0,
    ...(tls && { tls: certificate() }),
    endpoint: connected => subject.connect(connected),
    onThrow: what => void thrown.push(what),
  })
}

beforeAll(async () => {
  writeFileSync(upload, MIB)
  ;[plain, secure, six] = await Promise.all([
    serving('127.0.0.1', false),
    serving('127.0.0.1', true),
    serving('::1', false),
  ])
})

afterAll(async () => {
  await Promise.all([plain, secure, six].map(host => host?.close()))
  rmSync(folder, { recursive: true, force: true })
  expect(thrown).toEqual([])
})

const has = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(':').some(path => existsSync(join(path, program)))

async function run(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { timeout: 20_000, maxBuffer: 1 << 24 })
  return stdout
}

describe.skipIf(!has('curl'))('curl (skipped where it is not installed)', () => {
  const PLACES = [
    ['h2c', () => ['--http2-prior-knowledge', `http://${plain.authority}`]],
    ['TLS', () => ['--http2', '-k', `https://${secure.authority}`]],
    ['IPv6', () => ['--http2-prior-knowledge', '-g', `http://${six.authority}`]],
  ] as const

  describe.each(PLACES)('%s', (_name, place) => {
    function curl(path: string, ...more: readonly string[]): Promise<string> {
      const options = place()
      return run('curl', '-s', '-S', '--max-time', '15', ...options.slice(0, -1), ...more, `${options.at(-1)}${path}`)
    }

    it('GET', async () => {
      expect(await curl('/', '-w', '%{http_version} %{http_code}')).toBe(`${GREETING}2 200`)
    })

    it('HEAD', async () => {
      const fields = await curl('/', '-I')
      expect(fields).toMatch(/^HTTP\/2 200/)
      expect(fields).toContain(`content-length: ${GREETING.length}`)
      const date = Date.parse(/^date: (.*?)\r?$/m.exec(fields)?.[1] ?? '')
      expect(Math.abs(Date.now() - date)).toBeLessThan(5000)
    })

    it('POST of 1 MiB to /echo', async () => {
      const file = join(folder, `echo-${_name}`)
      await curl('/echo', '--data-binary', `@${upload}`, '-o', file)
      expect(readFileSync(file).equals(MIB)).toBe(true)
    })

    it('10 MB of content', async () => {
      expect(await curl('/bytes/10000000', '-o', join(folder, 'bytes'), '-w', '%{size_download}')).toBe('10000000')
    })

    it('a response that takes its time', async () => {
      const took = await curl('/slow/200', '-o', join(folder, 'slow'), '-w', '%{time_starttransfer}')
      expect(Number(took)).toBeGreaterThanOrEqual(0.19)
    })

    it('trailers and an interim response', async () => {
      expect(await curl('/trailers', '-i')).toMatch(/HTTP\/2 200[\s\S]*hello[\s\S]*request-trailers: 0/)
      expect(await curl('/early-hints', '-i')).toMatch(/HTTP\/2 103[\s\S]*HTTP\/2 200[\s\S]*hello/)
    })
  })
})

describe.skipIf(!has('nghttp'))('nghttp (skipped where it is not installed)', () => {
  it('GET, over TLS too, without an error of either side', async () => {
    for (const url of [`http://${plain.authority}/`, `https://${secure.authority}/`]) {
      const said = await run('nghttp', '-nv', url)
      expect(said).toContain(':status: 200')
      expect(said).not.toMatch(/recv (RST_STREAM|GOAWAY)/)
    }
  })

  it('a push', async () => {
    const said = await run('nghttp', '-nv', `http://${plain.authority}/push`)
    expect(said).toMatch(/recv PUSH_PROMISE[\s\S]*promised_stream_id=2/)
    expect(said.match(/:status: 200/g)).toHaveLength(2)
  })

  it('trailers of a request', async () => {
    const args = ['-nv', '-d', upload, '--trailer', 'x-one: 1', '--trailer', 'x-two: 2']
    expect(await run('nghttp', ...args, `http://${plain.authority}/trailers`)).toContain('request-trailers: 2')
  })
})

describe.skipIf(!has('h2load'))('h2load (skipped where it is not installed)', () => {
  it.each([
    ['GET', 2000, () => [`http://${plain.authority}/`]],
    ['GET over TLS', 500, () => [`https://${secure.authority}/`]],
    ['1 MiB to /echo', 16, () => ['-d', upload, `http://${plain.authority}/echo`]],
  ] as const)('%s, all answered', async (_name, count, args) => {
    const said = await run('h2load', '-n', String(count), '-c', '4', '-m', '32', ...args())
    expect(said).toContain(`${count} succeeded, 0 failed, 0 errored, 0 timeout`)
    expect(said).toContain(`status codes: ${count} 2xx`)
  })
})

describe("Node's own client", () => {
  function session(host: Host, tls = false): ClientHttp2Session {
    const one = connect(`${tls ? 'https' : 'http'}://${host.authority}`, { rejectUnauthorized: false })
    one.on('error', () => {})
    return one
  }

  async function answer(stream: ClientHttp2Stream): Promise<{ status: number | undefined; content: string }> {
    let status: number | undefined
    const chunks: Buffer[] = []
    stream.on('response', (fields: IncomingHttpHeaders & { ':status'?: number }) => {
      status = fields[':status']
    })
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    await once(stream, 'end')
    return { status, content: Buffer.concat(chunks).toString('latin1') }
  }

  it.each([false, true])('GET and POST side by side on one connection, TLS: %s', async tls => {
    const client = session(tls ? secure : plain, tls)
    const posted = client.request({ ':method': 'POST', ':path': '/echo' })
    posted.end(MIB)
    const gets = Array.from({ length: 50 }, () => answer(client.request({ ':path': '/' })))
    expect(await answer(posted)).toEqual({ status: 200, content: MIB.toString('latin1') })
    expect(new Set((await Promise.all(gets)).map(({ content }) => content))).toEqual(new Set([GREETING]))
    client.close()
    await once(client, 'close')
  })

  it('CONNECT, there and back', async () => {
    const client = session(plain)
    const tunnel = client.request({ ':method': 'CONNECT', ':authority': 'example.net:443' })
    tunnel.write('through the tunnel')
    const [chunk] = (await once(tunnel, 'data')) as [Buffer]
    expect(chunk.toString()).toBe('through the tunnel')
    tunnel.end()
    await once(tunnel, 'end')
    client.close()
  })

  it('extended CONNECT', async () => {
    const client = session(plain)
    const [settings] = (await once(client, 'remoteSettings')) as [{ enableConnectProtocol?: boolean }]
    expect(settings.enableConnectProtocol).toBe(true)
    const stream = client.request(
      { ':method': 'CONNECT', ':protocol': 'echo', ':path': '/', ':scheme': 'http' },
      { endStream: false },
    )
    stream.write('wire')
    const [chunk] = (await once(stream, 'data')) as [Buffer]
    expect(chunk.toString()).toBe('wire')
    stream.end()
    client.close()
  })

  it('an answer before the upload has ended', async () => {
    // Not by curl 7.88: it gives up on any response whose stream is reset while it still has something to send.
    const client = session(plain)
    const refused = client.request({ ':method': 'POST', ':path': '/nowhere' })
    refused.on('error', () => {})
    refused.write(MIB)
    expect(await answer(refused)).toEqual({ status: 404, content: '404\n' })
    expect(refused.rstCode).toBe(constants.NGHTTP2_NO_ERROR)
    expect((await answer(client.request({ ':path': '/' }))).content).toBe(GREETING)
    client.close()
  })

  it('PING, and a stream that it cancels', async () => {
    const client = session(plain)
    await once(client, 'remoteSettings')
    const slow = client.request({ ':path': '/slow/5000' })
    slow.on('error', () => {})
    slow.close(constants.NGHTTP2_CANCEL)
    const took = await new Promise<number>((resolve, reject) => {
      client.ping((error, duration) => (error ? reject(error) : resolve(duration)))
    })
    expect(took).toBeLessThan(5000)
    expect((await answer(client.request({ ':path': '/' }))).content).toBe(GREETING)
    client.close()
  })
})

describe.concurrent('SIGTERM while clients are connected', { timeout: 20_000 }, () => {
  const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

  async function stopping(
    path: string,
  ): Promise<{ content: string; status: number | null; ms: number; goaways: number }> {
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, 'serve', 'http2'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      const client = connect(`http://${/\/\/(\S+)/.exec(line.toString())?.[1]}`)
      client.on('error', () => {})
      let goaways = 0
      client.on('goaway', () => goaways++)
      await once(client, 'remoteSettings')
      const stream = client.request({ ':path': path })
      stream.on('error', () => {})
      let content = ''
      stream.on('data', (chunk: Buffer) => {
        content += chunk
      })
      // The server has the request once it answers what comes after it.
      await new Promise<void>(resolve => void client.ping(() => resolve()))
      const started = performance.now()
      child.kill('SIGTERM')
      const [status] = (await once(child, 'exit')) as [number | null]
      const ms = performance.now() - started
      client.destroy()
      return { content, status, ms, goaways }
    } finally {
      child.kill('SIGKILL')
    }
  }

  it('finishes what is under way, then ends', async () => {
    const { content, status, goaways } = await stopping('/slow/400')
    expect({ content, status }).toEqual({ content: GREETING, status: 0 })
    expect(goaways).toBeGreaterThan(0)
  })

  it('ends within its bound though a client waits for more', async () => {
    const { content, status, ms } = await stopping('/slow/60000')
    expect({ content, status }).toEqual({ content: '', status: 0 })
    // Three seconds are the bound; the rest is for a machine that is busy.
    expect(ms).toBeLessThan(8000)
  })
})
