/** Lets a campaign be stopped by the keyboard or a supervisor. */
export interface Stopping {
  readonly signal: AbortSignal
  /** Leaves signals to others again. */
  done(): void
}

/** The first SIGINT or SIGTERM ends it in order; a second one does not wait, and loses nothing either. */
export function stopBySignal(say: (line: string) => void): Stopping {
  const controller = new AbortController()
  const hear = (): void => {
    if (controller.signal.aborted) process.exit(130)
    say('stopping: what was found is looked at once more; once more to leave at once')
    controller.abort()
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const name of signals) process.on(name, hear)
  return { signal: controller.signal, done: () => signals.forEach(name => void process.off(name, hear)) }
}
