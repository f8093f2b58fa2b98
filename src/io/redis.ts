import type * as BullMQ from 'bullmq'
import type { Redis } from 'ioredis'

/** A Redis that cannot be used; the message says why, and what to do. */
export class RedisError extends Error {
  override readonly name = 'RedisError'
}

/** A connection to Redis, and the library that keeps jobs in it. Neither is loaded before it is asked for. */
export interface RedisConnection {
  readonly redis: Redis
  readonly bullmq: typeof BullMQ
  /** The address, without the password. */
  readonly shown: string
  close(): void
}

export interface RedisListener {
  /** It is gone, and waited for. */
  onGone?(why: string): void
  onBack?(): void
}

/** How long the first connection may take, in ms, and the longest pause between tries when one was lost. */
const PATIENCE = 5000
const PAUSE = 1000

/**
 * Connects to `redis://user:password@host:port/database`, or `rediss://` for TLS. Once it was there, it is waited for
 * whenever it goes away: commands are kept until it is back. Throws `RedisError`.
 */
export async function connectRedis(url: string, { onGone, onBack }: RedisListener = {}): Promise<RedisConnection> {
  const { host, shown } = checkedUrl(url)
  const { Redis, bullmq } = await libraries()
  let met = false
  let gone = false
  let closing = false
  let last = 'no answer'
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: PATIENCE,
    maxRetriesPerRequest: null,
    // A job that was handed out is not lost with the connection.
    autoResendUnfulfilledCommands: true,
    retryStrategy: times => (met ? Math.min(times * 100, PAUSE) : null),
  })
  redis.on('error', error => {
    last = reasonOf(error)
  })
  redis.on('close', () => {
    if (!met || gone || closing) return
    gone = true
    onGone?.(`${shown} is gone`)
  })
  redis.on('ready', () => {
    if (gone) onBack?.()
    gone = false
  })
  try {
    await within(PATIENCE, async () => {
      await redis.connect()
      await redis.ping()
    })
  } catch (error) {
    redis.disconnect()
    const reason = /closed/i.test(String(error)) ? last : reasonOf(error)
    throw new RedisError(`no Redis at ${shown}: ${reason}${adviceOn(reason, host)}`)
  }
  met = true
  return {
    redis,
    bullmq,
    shown,
    close() {
      closing = true
      redis.disconnect()
    },
  }
}

async function within(time: number, does: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${time / 1000} s`)), time)
  })
  try {
    await Promise.race([does(), over])
  } finally {
    clearTimeout(timer)
  }
}

function checkedUrl(url: string): { host: string; shown: string } {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw new RedisError(`'${withoutPassword(url)}' is no URL of Redis (redis://127.0.0.1:6379)`)
  }
  const { protocol, hostname, pathname, host } = parsed
  if (protocol !== 'redis:' && protocol !== 'rediss:') {
    throw new RedisError(`a URL of Redis begins with redis:// or, for TLS, rediss://, not with ${protocol}//`)
  }
  if (hostname === '') throw new RedisError(`'${withoutPassword(url)}' names no host (redis://127.0.0.1:6379)`)
  if (!/^\/?\d*$/.test(pathname)) {
    throw new RedisError(`databases of Redis are numbers: redis://${host}/0, not redis://${host}${pathname}`)
  }
  return { host, shown: `${protocol}//${host}${pathname === '/' ? '' : pathname}` }
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//')
}

function reasonOf(error: unknown): string {
  const { code, message, errors } = error as { code?: string; message?: string; errors?: readonly Error[] }
  if (code === 'ECONNREFUSED') return 'nobody listens there (ECONNREFUSED)'
  if (code === 'ENOTFOUND') return 'there is no such host (ENOTFOUND)'
  return message || errors?.[0]?.message || String(error)
}

function adviceOn(reason: string, host: string): string {
  if (/^NOAUTH/.test(reason)) return `; it wants a password: redis://:PASSWORD@${host}`
  if (/self.signed|unable to (verify|get)/.test(reason))
    return '; NODE_EXTRA_CA_CERTS=FILE makes Node trust a CA of your own'
  if (/ECONNREFUSED/.test(reason)) return '; start one: redis-server (Debian: apt-get install redis-server)'
  return ''
}

interface Libraries {
  readonly Redis: typeof Redis
  readonly bullmq: typeof BullMQ
}

async function libraries(): Promise<Libraries> {
  try {
    const [{ Redis }, bullmq] = await Promise.all([import('ioredis'), import('bullmq')])
    return { Redis, bullmq }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new RedisError(
      'campaigns on many machines need two packages that are not here: npm install bullmq ioredis (beside wiregrade; npm install --global where it is installed so)',
    )
  }
}
