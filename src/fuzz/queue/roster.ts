import type { Redis } from 'ioredis'
import { PREFIX } from './keys.ts'

/** A worker process, as it tells of itself. */
export interface Member {
  readonly name: string
  readonly host: string
  readonly pid: number
  /** How many threads it searches with. */
  readonly threads: number
  /** Campaigns, by their key, that it cannot work on. */
  readonly unfit: readonly string[]
}

const NAMES = `${PREFIX}:workers`
/** Who has not told of itself for so long, in ms, is not there any more. */
const GONE = 4000

/** Tells that a worker is there; to be done every second. */
export async function signIn(redis: Redis, member: Member): Promise<void> {
  await redis.multi().sadd(NAMES, member.name).set(keyOf(member.name), JSON.stringify(member), 'PX', GONE).exec()
}

export async function signOut(redis: Redis, name: string): Promise<void> {
  await redis.multi().srem(NAMES, name).del(keyOf(name)).exec()
}

/** Whether somebody of this name is there. */
export async function isThere(redis: Redis, name: string): Promise<boolean> {
  return (await redis.exists(keyOf(name))) === 1
}

/** Who is there. */
export async function membersOf(redis: Redis): Promise<Member[]> {
  const names = await redis.smembers(NAMES)
  if (names.length === 0) return []
  const texts = await redis.mget(names.map(keyOf))
  const gone = names.filter((_, i) => texts[i] === null)
  if (gone.length > 0) await redis.srem(NAMES, ...gone)
  return texts.flatMap(text => (text === null ? [] : [JSON.parse(text) as Member]))
}

function keyOf(name: string): string {
  return `${PREFIX}:worker:${name}`
}
