import { CannotBegin } from '../campaign/cannot-begin.ts'
import { CampaignError, CampaignFolder } from '../campaign/folder.ts'
import { type CampaignName, campaignKey, nameOf } from './keys.ts'

/**
 * The folder in which a worker keeps a campaign: this one, or where that is a campaign of the same target that is told
 * something else (`--allow`, `--known`), one beside it. Throws `CannotBegin` where neither can be had.
 */
export function workerFolder(path: string, of: CampaignName, version: string): CampaignFolder {
  const key = campaignKey(of)
  let why = ''
  for (const each of [path, `${path}-${key.slice(-8)}`]) {
    try {
      const folder = CampaignFolder.open(each, { ...of, version }, Date.now())
      if (campaignKey(nameOf(folder.file)) === key) return folder
      why = `${each} is another campaign`
    } catch (error) {
      if (!(error instanceof CampaignError)) throw error
      why = error.message
    }
  }
  throw new CannotBegin(why)
}
