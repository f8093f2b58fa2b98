import { existsSync } from 'node:fs'
import { CampaignFolder } from '../../fuzz/campaign/folder.ts'
import { worthKeeping } from '../../fuzz/campaign/prune.ts'
import type { Given } from '../options.ts'
import { UsageError } from '../options.ts'
import { out } from '../terminal.ts'
import { campaignPath, WORKER } from './campaign.ts'

/** `fuzz prune CAMPAIGN|TARGET`: sets inputs aside that show nothing which smaller ones do not show too. */
export async function pruneCampaign(given: Given): Promise<number> {
  const [, named] = given.words
  if (named === undefined) throw new UsageError('fuzz prune: which campaign?')
  const folder = CampaignFolder.at(existsSync(named) ? named : campaignPath(given, named))
  if (given.has('queue')) return (await import('./queue.ts')).queueChores(given, [{ kind: 'prune' }], folder)
  const inputs = folder.newInputs()
  const kept = new Set(await worthKeeping(WORKER, folder.file, inputs))
  const aside = inputs.filter(input => !kept.has(input))
  folder.setAside(aside)
  folder.log({ at: Date.now(), event: 'prune', kept: kept.size, aside: aside.length })
  out.line(`${kept.size} inputs stay, ${aside.length} are set aside (in pruned/)`)
  return 0
}
