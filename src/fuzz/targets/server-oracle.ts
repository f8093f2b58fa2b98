import type { Find } from '../target.ts'
import { plainFind } from '../triage.ts'
import type { LiveServer, ServerLimits } from './server.ts'
import { LogTail, mentionsSanitizer, reportsLeft, sanitizerFind, unfinishedReports } from './server-log.ts'
import { listenersAt, ProcessWatch, type Usage } from './server-process.ts'
import type { Played } from './server-session.ts'

/** Sessions between looks at what takes longer to see: memory, descriptors, files of reports. */
const EVERY = 100
/** Looks after which a process counts as part of the server, and not as one that serves a connection. */
const SETTLED = 50
/** How health tells of one that is no more: by its own end, or by what it refuses. */
const ENDED = /^(exit status|killed by|not started)|refused|no more connections/
/** How often a server is tried to be started: a port may be taken for a while. */
const STARTS = 3
/** Times that a process that a sanitizer has reported of is asked whether it has ended. */
const DYING = 20
/** Lines of its log that are kept of a death. */
const SAID = 5
/** How often what is not yet over is looked at, in ms, and how often in a row a report is the same at its end. */
const LOOK = 20
const STILL = 250
/** How long nothing is asked of a server with too many open descriptors, in ms, until they count. */
const CLOSING = 5000
/** Ends that a process brings upon itself: nobody else sends these signals, or has a shell tell of SIGHUP, INT, KILL, TERM. */
const OWN_FAULT = /^(?:killed by SIG(?:ABRT|BUS|FPE|ILL|SEGV|SYS|TRAP)\b|exit status (?!(?:129|130|137|143)\b)\d)/
const CANNOT_BIND = /EADDRINUSE|address already in use/i

/** Tells after each session whether a server has died, hangs, was found out by a sanitizer, or grows. */
export class ServerOracle {
  readonly #server: LiveServer
  readonly #limits: ServerLimits
  #watch = new ProcessWatch([])
  #logs: LogTail[] = []
  #sessions = 0
  #warm: Usage | undefined
  /** Looks in a row at which too many descriptors were open: closing takes its time. */
  #crowded = 0

  constructor(server: LiveServer, limits: ServerLimits) {
    this.#server = server
    this.#limits = limits
    this.#begin()
  }

  /** What is wrong after a session. Costs some µs where nothing is. */
  async judge(played: Played): Promise<Find | undefined> {
    this.#sessions++
    const regular = this.#sessions % EVERY === 0
    const gone = this.#watch.gone()
    if (gone) await this.#written()
    let log = this.#read(regular || gone !== undefined)
    const told = mentionsSanitizer(log)
    if (gone || told || played.mute || played.unreachable !== undefined) {
      let health = await this.#server.peer.health()
      // A report is written before the process ends, and others may answer meanwhile.
      const isDying = /ERROR: \w*Sanitizer/.test(log) || (gone !== undefined && this.#watch.pids.length === 0)
      for (let i = 0; i < DYING && health.alive && isDying; i++) health = await this.#server.peer.health()
      await this.#written()
      log += this.#read(true)
      const find = sanitizerFind(log)
      if (find) return find
      if (!health.alive) {
        // One that cannot bind is no crash: what was there before it still holds the port.
        if (CANNOT_BIND.test(log)) return await this.restart()
        return this.#death(health.how, gone !== undefined || this.#watch.gone() !== undefined, log)
      }
      if (gone && gone.looks >= SETTLED) return plainFind('crash', `a process of it ended: ${gone.name}`)
      if (gone) this.#rewatch()
    }
    return regular ? await this.#growth() : undefined
  }

  /** Asks it whether it lives: a death may take longer than a session, and nobody is there to notice it in the next. */
  async look(): Promise<Find | undefined> {
    const health = await this.#server.peer.health()
    await this.#written()
    return sanitizerFind(this.#read(true)) ?? (health.alive ? undefined : this.#death(health.how, false))
  }

  /**
   * Starts it anew where it is ours, and what its end brought to light; else waits until it is there. Throws an `Error` when
   * it cannot be started, or does not come back.
   */
  async restart(): Promise<Find | undefined> {
    const { peer } = this.#server
    if (!peer.revive) return await this.#back()
    for (let start = 1; ; start++) {
      try {
        await peer.revive()
        break
      } catch (thrown) {
        // One that cannot bind is no crash.
        if (start === STARTS) throw thrown
      }
    }
    const find = sanitizerFind(this.#left())
    this.#begin()
    return find
  }

  /** Somebody else has to start it. */
  async #back(): Promise<undefined> {
    const { peer, name } = this.#server
    const health = await (peer.returned?.() ?? peer.health())
    if (!health.alive) throw new Error(`${name} does not come back: ${health.how}`)
    this.#begin()
  }

  close(): void {
    this.#watch.close()
    for (const log of this.#logs) log.close()
    this.#logs = []
  }

  #begin(): void {
    this.close()
    this.#sessions = 0
    this.#warm = undefined
    this.#crowded = 0
    this.#rewatch()
    const { log } = this.#server
    this.#logs = (log === undefined ? this.#watch.logs() : [log]).flatMap(path => {
      try {
        return [new LogTail(path)]
      } catch {
        return []
      }
    })
  }

  #rewatch(): void {
    const { port } = this.#server
    this.#watch.close()
    this.#watch = new ProcessWatch(port === undefined ? [] : listenersAt(port))
  }

  #read(left: boolean): string {
    return this.#logs.map(log => log.read()).join('') + (left ? this.#left() : '')
  }

  /** Waits for the end of a report: its frames are found one by one, and without all of them it is another's. */
  async #written(): Promise<void> {
    const { folder } = this.#server
    if (folder === undefined) return
    let [size, still] = [-1, 0]
    while (still < STILL) {
      const now = unfinishedReports(folder)
      if (now === undefined) return
      still = now === size ? still + 1 : 0
      size = now
      await this.#server.pause(LOOK)
    }
  }

  #left(): string {
    const { folder } = this.#server
    return folder === undefined ? '' : reportsLeft(folder)
  }

  #death(how: string, gone: boolean, log = ''): Find {
    const said = log.trimEnd().split('\n').slice(-SAID).filter(Boolean)
    const last = said.length > 0 ? { said } : {}
    const certain = OWN_FAULT.test(how) ? { certain: true as const } : {}
    // It may have ended so lately that what watches its processes has not seen it.
    if (gone || ENDED.test(how)) return { ...plainFind('crash', `it ended: ${how}`), ...last, ...certain }
    return { ...plainFind('hang', `${how}${this.#watch.busy ? ', and is busy' : ''}`), ...last }
  }

  async #growth(): Promise<Find | undefined> {
    const now = this.#watch.usage()
    if (now.descriptors === 0) return undefined
    this.#warm ??= now
    const { memory, descriptors } = this.#warm
    if (now.memory > memory + this.#limits.memory)
      return plainFind('memory', `its memory grows: from ${memory} KiB to ${now.memory} KiB`)
    this.#crowded = now.descriptors > descriptors + this.#limits.descriptors ? this.#crowded + 1 : 0
    if (this.#crowded < 2) return undefined
    // One that has much to do is late to close; what it has lost, it never closes.
    let open = now.descriptors
    for (let waited = 0; waited < CLOSING && open > descriptors + this.#limits.descriptors; waited += LOOK) {
      await this.#server.pause(LOOK)
      open = this.#watch.usage().descriptors
    }
    if (open > descriptors + this.#limits.descriptors)
      return plainFind('memory', `its open descriptors grow: from ${descriptors} to ${open}`)
    this.#crowded = 0
    return undefined
  }
}
