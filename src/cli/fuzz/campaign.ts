import { isAbsolute, join, relative, resolve } from 'node:path'
import { CampaignFolder } from '../../fuzz/campaign/folder.ts'
import { pathNameOf } from '../../fuzz/target-name.ts'
import type { Given } from '../options.ts'
import { version } from '../package.ts'

/** What a worker runs. */
export const WORKER: URL = new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

/** A file's path from the working folder; undefined where it is outside of it. */
export function pathBelowHere(file: string): string | undefined {
  const path = relative('', resolve(file))
  return path.startsWith('..') || isAbsolute(path) ? undefined : path
}

/** `.campaigns/codec-dns-message`, unless another is given. */
export function campaignPath(given: Given, target: string): string {
  return given.text('campaign') ?? join('.campaigns', pathNameOf(target))
}

/** Options that a target is told besides, as they are typed; undefined where there are none. */
export function settingsOf(given: Given): Readonly<Record<string, string>> | undefined {
  const told = SETTINGS.flatMap(name => {
    const value = given.text(name)
    return value === undefined ? [] : [[name, value] as [name: string, value: string]]
  })
  if (given.has('mine')) told.push(['mine', 'yes'])
  return told.length === 0 ? undefined : Object.fromEntries(told)
}

const SETTINGS = ['compare', 'known', 'program'] as const

/** The campaign on a target, made when it is not there. Throws `CampaignError`. */
export function campaignOn(given: Given, target: string): CampaignFolder {
  const told = { target, allow: given.all('allow'), settings: settingsOf(given), version }
  return CampaignFolder.open(campaignPath(given, target), told, Date.now())
}
