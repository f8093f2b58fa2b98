import { type CampaignFile, hashOf } from '../campaign/folder.ts'

/** What all keys of ours begin with, and the queues. */
export const PREFIX = 'wiregrade'
export const SLICES = 'slices'
export const CHORES = 'chores'

/** What tells campaigns apart: the target, and what is called a find. */
export type CampaignName = Omit<CampaignFile, 'format' | 'made' | 'version'>

export function nameOf({ format: _format, made: _made, version: _version, ...name }: CampaignFile): CampaignName {
  return name
}

/** Who works on the same target, told the same, works on the same inputs. */
export function campaignKey(name: CampaignName): string {
  const told = Object.entries(name).filter(([, value]) => value !== undefined)
  return `${PREFIX}:campaign:${hashOf(JSON.stringify(told.sort())).slice(0, 16)}`
}

/** Of what one commanding process is told while it runs. */
export function sessionKey(session: string): string {
  return `${PREFIX}:session:${session}`
}
