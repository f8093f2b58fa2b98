import { rmSync } from 'node:fs'
import { tellGuard } from './guard.ts'

/** Process groups that we started and folders that we made: none of them may outlive this process. */
const groups = new Set<number>()
const folders = new Set<string>()

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Ends a process group, or does nothing when there is none. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // It has gone already.
  }
}

/** From now on this group ends with us, however we end. */
export function adoptGroup(pid: number): void {
  watch()
  groups.add(pid)
  tellGuard('+g', pid)
}

/** The group has ended, or is ended here and now. */
export function releaseGroup(pid: number): void {
  signalGroup(pid, 'SIGKILL')
  groups.delete(pid)
  tellGuard('-g', pid)
  unwatch()
}

/** From now on this folder goes with us, however we end. */
export function adoptFolder(path: string): void {
  watch()
  folders.add(path)
  tellGuard('+f', path)
}

/** Removes the folder and all that is in it. */
export function releaseFolder(path: string): void {
  // What has just been killed may still write for a moment.
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
  folders.delete(path)
  tellGuard('-f', path)
  unwatch()
}

function clear(): void {
  for (const pid of groups) signalGroup(pid, 'SIGKILL')
  groups.clear()
  for (const path of folders) {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
    } catch {
      // The last that we do: nobody is left to be told.
    }
  }
  folders.clear()
}

function onSignal(signal: NodeJS.Signals): void {
  // Whoever else listens decides when this process ends; `exit` clears up then.
  if (process.listenerCount(signal) > 1) return
  clear()
  process.off(signal, onSignal)
  process.kill(process.pid, signal)
}

let watching = false

function watch(): void {
  if (watching) return
  watching = true
  process.on('exit', clear)
  for (const signal of SIGNALS) process.on(signal, onSignal)
}

/** With nothing left to end, signals do again what they always do. */
function unwatch(): void {
  if (groups.size > 0 || folders.size > 0) return
  watching = false
  process.off('exit', clear)
  for (const signal of SIGNALS) process.off(signal, onSignal)
}
