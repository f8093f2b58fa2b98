import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killCampaign } from '../src/cli/fuzz/kill.fixture.ts'

/**
 * Kills a campaign at random instants and looks whether a crash or an input older than a second is gone:
 * `node --import tsx scripts/fuzz-kill.ts 100`. Ends with status 1 where one is.
 */
const kills = Number(process.argv[2] ?? 100)
const folder = mkdtempSync(join(tmpdir(), 'wiregrade-fuzz-kill-'))
try {
  const after = Array.from({ length: kills }, () => randomInt(0, 3500))
  const { owed, finds, inputs, lost } = await killCampaign(folder, after)
  for (const line of lost) console.log(line)
  console.log(
    `killed ${kills} times: ${owed} finds older than a second, ${finds} and ${inputs} inputs are there, ${lost.length} are lost`,
  )
  if (lost.length > 0 || owed === 0) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
