import { CannotBegin } from './cannot-begin.ts'
import { CampaignError } from './folder.ts'
import type { TargetSpec } from './job.ts'
import { WATCH } from './limits.ts'
import { Thread } from './thread.ts'

/**
 * Of some inputs those that enter code, or enter it as often, as no smaller one does. Throws `CannotBegin` where the target
 * cannot begin, and `CampaignError` where one of them does not end.
 */
export async function worthKeeping(entry: URL, job: TargetSpec, inputs: readonly Uint8Array[]): Promise<Uint8Array[]> {
  let thread: Thread | undefined
  const timer = setInterval(() => thread?.watch(performance.now(), process.memoryUsage.rss()), WATCH)
  try {
    return await new Promise<Uint8Array[]>((resolve, reject) => {
      thread = new Thread({
        entry,
        job: { ...job, mode: 'prune', seed: 0, inputs },
        onMessage(message) {
          if (message.kind === 'worth') resolve(message.places.map(place => inputs[place] as Uint8Array))
          if (message.kind === 'failed') reject(new CannotBegin(message.message))
        },
        onStuck: ({ reason }) => reject(new CampaignError(`an input of the corpus ends the worker: ${reason}`)),
      })
    })
  } finally {
    clearInterval(timer)
    await thread?.stop()
  }
}
