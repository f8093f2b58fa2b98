import type { Limits } from './limits.ts'
import {
  ENABLE_CONNECT_PROTOCOL,
  ENABLE_PUSH,
  HEADER_TABLE_SIZE,
  INITIAL_WINDOW_SIZE,
  MAX_CONCURRENT_STREAMS,
  MAX_FRAME_SIZE,
  MAX_HEADER_LIST_SIZE,
  NO_RFC7540_PRIORITIES,
  settingDefaults,
} from './settings-parameters.ts'

/** Settings by identifier. */
export type Settings = ReadonlyMap<number, number>

/** The settings of one endpoint in force, under names. RFC 9113 §6.5.2 */
export class SettingsInForce {
  headerTableSize: number = settingDefaults[HEADER_TABLE_SIZE]
  enablePush: number = settingDefaults[ENABLE_PUSH]
  maxConcurrentStreams: number = settingDefaults[MAX_CONCURRENT_STREAMS]
  initialWindowSize: number = settingDefaults[INITIAL_WINDOW_SIZE]
  maxFrameSize: number = settingDefaults[MAX_FRAME_SIZE]
  maxHeaderListSize: number = settingDefaults[MAX_HEADER_LIST_SIZE]
  /** RFC 8441 §3 */
  enableConnectProtocol: number = settingDefaults[ENABLE_CONNECT_PROTOCOL]
  /** RFC 9218 §2.1; undefined until it came. */
  noPriorities: number | undefined

  apply(id: number, value: number): void {
    if (id === HEADER_TABLE_SIZE) this.headerTableSize = value
    else if (id === ENABLE_PUSH) this.enablePush = value
    else if (id === MAX_CONCURRENT_STREAMS) this.maxConcurrentStreams = value
    else if (id === INITIAL_WINDOW_SIZE) this.initialWindowSize = value
    else if (id === MAX_FRAME_SIZE) this.maxFrameSize = value
    else if (id === MAX_HEADER_LIST_SIZE) this.maxHeaderListSize = value
    else if (id === ENABLE_CONNECT_PROTOCOL) this.enableConnectProtocol = value
    else if (id === NO_RFC7540_PRIORITIES) this.noPriorities = value
  }
}

/** Our own settings: what we announced, and what the peer has acknowledged. RFC 9113 §6.5.3 */
export class OwnSettings {
  /** What the peer has acknowledged, so that it binds it. */
  readonly acknowledged = new SettingsInForce()
  readonly #waiting: { readonly settings: Settings; readonly at: number }[] = []

  announce(settings: Settings, now: number): void {
    this.#waiting.push({ settings, at: now })
  }

  /** The peer acknowledges the oldest that waits; its values, or nothing when none waits. */
  acknowledge(): Settings | undefined {
    const oldest = this.#waiting.shift()?.settings
    for (const [id, value] of oldest ?? []) this.acknowledged.apply(id, value)
    return oldest
  }

  /** Frames up to this size may come in: the largest that the peer may believe in. */
  get maxFrameSize(): number {
    let most = this.acknowledged.maxFrameSize
    for (const { settings } of this.#waiting) most = Math.max(most, settings.get(MAX_FRAME_SIZE) ?? 0)
    return most
  }

  /** When the oldest that waits was announced. */
  get waitingSince(): number | undefined {
    return this.#waiting[0]?.at
  }
}

/** What a server announces when nothing else is asked for. */
export function serverSettings(limits: Limits): Map<number, number> {
  return new Map([
    [MAX_CONCURRENT_STREAMS, limits.concurrentStreams],
    [MAX_HEADER_LIST_SIZE, limits.headerListSize],
    [ENABLE_CONNECT_PROTOCOL, 1],
    // The tree of RFC 7540 is not followed, the urgencies of RFC 9218 are.
    [NO_RFC7540_PRIORITIES, 1],
  ])
}

/** What a client announces when nothing else is asked for. */
export function clientSettings(limits: Limits): Map<number, number> {
  return new Map([
    [ENABLE_PUSH, 1],
    [MAX_CONCURRENT_STREAMS, limits.concurrentStreams],
    [MAX_HEADER_LIST_SIZE, limits.headerListSize],
    // We send no priority signals of RFC 7540. RFC 9218 §2.1
    [NO_RFC7540_PRIORITIES, 1],
  ])
}
