import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs'

/** What a server takes of the machine, all its processes together. */
export interface Usage {
  /** Resident memory in KiB. */
  readonly memory: number
  readonly descriptors: number
}

/** The processes of this machine that listen at a port, by streams or datagrams. Linux only: elsewhere there are none. */
export function listenersAt(port: number): number[] {
  const inodes = new Set(['tcp', 'tcp6', 'udp', 'udp6'].flatMap(table => listening(table, port)))
  if (inodes.size === 0) return []
  return list('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => list(`/proc/${pid}/fd`).some(fd => inodes.has(link(`/proc/${pid}/fd/${fd}`))))
    .map(Number)
}

/** Sockets as links in /proc show them: `socket:[4711]`. */
function listening(table: string, port: number): string[] {
  const datagrams = table.startsWith('udp')
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return text(`/proc/net/${table}`)
    .split('\n')
    .slice(1)
    .flatMap(line => {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
      // 0A: a stream that listens. Datagrams have no such state.
      return local.endsWith(`:${wanted}`) && (datagrams || state === '0A') ? [`socket:[${inode}]`] : []
    })
}

/** Linux: the process is on its way out, whatever is still open. */
const PF_EXITING = 4
const STAT = 1024

/** The processes of a server: whether one of them has gone, and what they take. One look is a read of some µs each. */
export class ProcessWatch {
  readonly #stats = new Map<number, { readonly fd: number; readonly name: string; looks: number }>()
  readonly #room = Buffer.alloc(STAT)

  constructor(pids: readonly number[]) {
    for (const pid of pids) {
      try {
        const fd = openSync(`/proc/${pid}/stat`, 'r')
        this.#stats.set(pid, { fd, name: text(`/proc/${pid}/comm`).trim(), looks: 0 })
      } catch {
        // It was only passing by.
      }
    }
  }

  get pids(): number[] {
    return [...this.#stats.keys()]
  }

  /**
   * A process that has ended, or is about to, since the last look: its name, and how many looks it was there for. A child
   * that serves one connection is not there for many.
   */
  gone(): { readonly name: string; readonly looks: number } | undefined {
    for (const [pid, process] of this.#stats) {
      const fields = this.#fields(process.fd)
      if (fields !== undefined && !/[ZX]/.test(fields[0] ?? 'X') && (Number(fields[6]) & PF_EXITING) === 0) {
        process.looks++
        continue
      }
      closeSync(process.fd)
      this.#stats.delete(pid)
      return process
    }
    return undefined
  }

  /** Whether one of them uses a processor just now, rather than waiting for something. */
  get busy(): boolean {
    return [...this.#stats.values()].some(({ fd }) => this.#fields(fd)?.[0] === 'R')
  }

  usage(): Usage {
    let [memory, descriptors] = [0, 0]
    for (const pid of this.pids) {
      memory += Number(/^VmRSS:\s*(\d+)/m.exec(text(`/proc/${pid}/status`))?.[1] ?? 0)
      descriptors += list(`/proc/${pid}/fd`).length
    }
    return { memory, descriptors }
  }

  /** The files that stdout and stderr of them go to. */
  logs(): string[] {
    const files = this.pids.flatMap(pid => [link(`/proc/${pid}/fd/1`), link(`/proc/${pid}/fd/2`)])
    return [...new Set(files)].filter(file => file.startsWith('/') && !file.startsWith('/dev/'))
  }

  close(): void {
    for (const { fd } of this.#stats.values()) closeSync(fd)
    this.#stats.clear()
  }

  /** What stands behind the name, which may hold spaces: the state first. proc(5) */
  #fields(fd: number): string[] | undefined {
    try {
      const length = readSync(fd, this.#room, 0, STAT, 0)
      const line = this.#room.toString('latin1', 0, length)
      return line.slice(line.lastIndexOf(')') + 2).split(' ', 8)
    } catch {
      return undefined
    }
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
