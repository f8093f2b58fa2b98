import type { Redis } from 'ioredis'

export type Item = readonly [name: string, octets: Buffer]

/** How many items go to Redis, or come from it, at once. */
const AT_ONCE = 256

/** Keeps those of some items whose names are new, and the order in which they came. */
const PUT = `
local put = 0
for i = 1, #ARGV, 2 do
  if redis.call('HSETNX', KEYS[1], ARGV[i], ARGV[i + 1]) == 1 then
    redis.call('RPUSH', KEYS[2], ARGV[i])
    put = put + 1
  end
end
return put`

/**
 * Items in Redis by name, each once and never changed, in a sequence that everybody follows at their own pace: a hash from
 * names to octets, and a list of names.
 */
export class Shelf {
  readonly #redis: Redis
  readonly #items: string
  readonly #order: string
  #position = 0

  constructor(redis: Redis, key: string) {
    this.#redis = redis
    this.#items = key
    this.#order = `${key}:order`
  }

  /** All that it is in Redis. */
  get keys(): readonly string[] {
    return [this.#items, this.#order]
  }

  /** Adds items; how many of them were new. */
  async put(items: readonly Item[]): Promise<number> {
    let count = 0
    for (let from = 0; from < items.length; from += AT_ONCE) {
      const some = items.slice(from, from + AT_ONCE).flat()
      count += (await this.#redis.eval(PUT, 2, this.#items, this.#order, ...some)) as number
    }
    return count
  }

  async at(name: string): Promise<Buffer | undefined> {
    return (await this.#redis.hgetBuffer(this.#items, name)) ?? undefined
  }

  /** What has come since this was asked last: all of it the first time. */
  async follow(): Promise<Item[]> {
    const found: Item[] = []
    for (let position = this.#position; ; ) {
      const names = await this.#redis.lrange(this.#order, position, position + AT_ONCE - 1)
      if (names.length === 0) {
        // Not sooner: what was read before a command that failed has not come to anybody.
        this.#position = position
        return found
      }
      const octets = await this.#redis.hmgetBuffer(this.#items, ...names)
      for (const [i, name] of names.entries()) {
        const each = octets[i]
        if (each) found.push([name, each])
      }
      position += names.length
    }
  }

  /** Follows from the beginning again. */
  restart(): void {
    this.#position = 0
  }
}
