import { examineFind } from '../campaign/examine-find.ts'
import { Examiner } from '../campaign/examiner.ts'
import { CampaignFolder } from '../campaign/folder.ts'
import { worthKeeping } from '../campaign/prune.ts'
import { octetsOf } from './base64.ts'
import type { Bridge } from './bridge.ts'
import type { Chore, Done } from './jobs.ts'

export interface ChoreOptions {
  /** Of the campaign, in step with Redis. */
  readonly bridge: Bridge
  readonly entry: URL
  readonly pieces: boolean
  /** There is no time any more. */
  hurried(): boolean
}

/** Does what is done once, beside searching. What it finds goes to the folder, and from there to all. */
export async function doChore(chore: Chore, options: ChoreOptions): Promise<Done> {
  if (chore.kind === 'prune') return await prune(options)
  const examiner = new Examiner(options.entry, options.bridge.folder.file)
  try {
    return chore.kind === 'minimise'
      ? await minimise(chore.id, examiner, options)
      : await tryAgain(chore.inputs, examiner, options)
  } finally {
    await examiner.stop()
  }
}

async function minimise(id: string, examiner: Examiner, { bridge, pieces, hurried }: ChoreOptions): Promise<Done> {
  const find = bridge.find(id)
  if (!find) return { kind: 'failed', reason: `there is no find ${id}` }
  const examined = await examineFind(examiner, find, {
    pieces,
    hurried,
    onOther: (other, input) => void bridge.folder.addFind(other, input, Date.now()),
  })
  await bridge.putReplay(id, examined)
  return { kind: 'minimise', replay: examined.replay, octets: examined.minimal.length }
}

async function tryAgain(inputs: readonly string[], examiner: Examiner, { bridge }: ChoreOptions): Promise<Done> {
  const titles: string[] = []
  for (const text of inputs) {
    const input = octetsOf(text)
    for (const find of (await examiner.look(input, 1)).finds) {
      if (!find) continue
      titles.push(`${find.kind} ${find.title}`)
      bridge.folder.addFind(find, input, Date.now())
    }
  }
  return { kind: 'regression', tried: inputs.length, finds: titles }
}

async function prune({ bridge, entry }: ChoreOptions): Promise<Done> {
  const folder = CampaignFolder.at(bridge.folder.path)
  const inputs = folder.newInputs()
  const kept = new Set(await worthKeeping(entry, folder.file, inputs))
  const aside = inputs.filter(input => !kept.has(input))
  await bridge.putAside(aside)
  return { kind: 'prune', kept: kept.size, aside: aside.length }
}
