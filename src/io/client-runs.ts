import type { Peer } from '../conformance/peer.ts'
import type { ClientRun } from './client-run.ts'
import { crashWatch } from './client-run.ts'
import type { Folder } from './folder.ts'

/** A client that runs, and can be ended with all that serves it. */
export interface DroppableRun extends ClientRun {
  readonly dropped: boolean
  drop(): void
}

/** The runs of a client under test: all that a peer of programs has besides how one is opened. */
export class ClientRuns<Run extends DroppableRun> {
  readonly #name: string
  readonly #makeFolder: () => Folder
  readonly #crashes: ReturnType<typeof crashWatch>
  readonly #runs = new Set<Run>()
  #folder: Folder | undefined

  /** `makeFolder`: for what the program is given; made when it is first asked for. */
  constructor(name: string, makeFolder: () => Folder) {
    this.#name = name
    this.#makeFolder = makeFolder
    this.#crashes = crashWatch(name)
  }

  get folder(): Folder {
    this.#folder ??= this.#makeFolder()
    return this.#folder
  }

  /** Watches a run, and ends it with the peer. */
  add(one: Run): void {
    this.#runs.add(one)
    this.#crashes.watch(one)
  }

  drop(one: Run): void {
    one.drop()
    this.#runs.delete(one)
  }

  /** The peer of a command, but for `open`. */
  peer(command: string): Omit<Peer, 'open'> {
    return {
      name: this.#name,
      address: command,
      role: 'client',
      loopback: true,
      health: this.#crashes.health,
      revive: () => {
        this.#crashes.forget()
        return Promise.resolve()
      },
      close: async () => {
        const ending = [...this.#runs].map(one => one.program.ended)
        for (const one of this.#runs) this.drop(one)
        await Promise.all(ending)
        this.#folder?.remove()
        this.#folder = undefined
      },
    }
  }
}
