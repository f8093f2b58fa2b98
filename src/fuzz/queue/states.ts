import type { Redis } from 'ioredis'
import { NO_STATES, putStates, type StateGraph, statesByName, totalOf } from '../campaign/state-graph.ts'

/** Names of whoever counts, which are names of files. */
const NAME = /^\w[\w.-]*$/

/**
 * Carries which states of a server followed each other between a campaign's folder and Redis, both ways. Each worker adds
 * to a count of its own, which so only grows: where two differ, the one of more is the later one.
 */
export class StateCarrier {
  /** Of a hash from names of workers to their counts. */
  readonly key: string
  readonly #redis: Redis
  readonly #folder: string

  constructor(redis: Redis, key: string, folder: string) {
    this.key = key
    this.#redis = redis
    this.#folder = folder
  }

  async carry(): Promise<void> {
    const there = new Map(
      Object.entries(await this.#redis.hgetall(this.key)).map(([name, text]) => [name, JSON.parse(text) as StateGraph]),
    )
    const here = statesByName(this.#folder)
    for (const [name, graph] of here)
      if (totalOf(graph) > totalOf(there.get(name) ?? NO_STATES))
        await this.#redis.hset(this.key, name, JSON.stringify(graph))
    for (const [name, graph] of there)
      if (NAME.test(name) && totalOf(graph) > totalOf(here.get(name) ?? NO_STATES)) putStates(this.#folder, name, graph)
  }
}
