import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { CampaignFolder, SHELVES } from './folder.ts'

/** What a campaign that came to nothing leaves: folders with nothing in them, and two files. */
const FOLDERS = new Set(['corpus', 'coverage', ...Object.values(SHELVES)])
const FILES = new Set(['campaign.json', 'events.jsonl'])

/**
 * Sees what is at a campaign's path before it is opened. `takeAway`, for one that could not begin, removes what was made
 * there since, the folders above it too: nothing where somebody else has begun there, or put anything there, meanwhile.
 */
export function unbegun(path: string): { takeAway(): void } {
  const missing: string[] = []
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing.push(folder)
  const before = new Set(namesIn(path))

  function takeAway(): void {
    if (before.has('campaign.json') || !existsSync(join(path, 'campaign.json'))) return
    const made = namesIn(path).filter(name => !before.has(name))
    const begun = CampaignFolder.at(path)
      .events()
      .filter(({ event }) => event === 'begin')
    if (begun.length > 1 || made.some(name => !FOLDERS.has(name) && !FILES.has(name))) return
    const folders = made.filter(name => FOLDERS.has(name)).map(name => join(path, name))
    // Fails where there is something in it: then the campaign is somebody's.
    if (!folders.every(removed)) return
    for (const name of made) if (FILES.has(name)) rmSync(join(path, name), { force: true })
    missing.every(removed)
  }

  return { takeAway }
}

function removed(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch {
    return false
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
