import { join } from 'node:path'
import { CampaignFolder } from '../fuzz/campaign/folder.ts'
import type { Given } from './options.ts'
import { version } from './package.ts'

/** What a worker runs. */
export const WORKER: URL = new URL(`./fuzz-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

/** `codec-dns-message`: how the folder of a target is called. */
export function folderName(target: string): string {
  return target.replace(/[^A-Za-z0-9._]+/g, '-').replace(/^-|-$/g, '')
}

/** `.campaigns/codec-dns-message`, unless another is given. */
export function campaignPath(given: Given, target: string): string {
  return given.text('campaign') ?? join('.campaigns', folderName(target))
}

/** The campaign on a target, made when it is not there. Throws `CampaignError`. */
export function campaignOn(given: Given, target: string): CampaignFolder {
  return CampaignFolder.open(campaignPath(given, target), { target, allow: given.all('allow'), version }, Date.now())
}
