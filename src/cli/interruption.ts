import type { Progress } from './progress.ts'
import { err } from './terminal.ts'

/** Lets a run be stopped by the keyboard or a supervisor. */
export interface Interruption {
  readonly signal: AbortSignal
  /** Leaves signals to others again. */
  done(): void
}

/** The first SIGINT or SIGTERM asks the run to stop and tell what it has; a second one does not wait. */
export function interruption(progress: Progress): Interruption {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130)
    progress.clear()
    err.line('stopping: no new case is begun; once more to leave at once')
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return {
    signal: controller.signal,
    done() {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
    },
  }
}
