#!/usr/bin/env node
import { obey } from './commands.ts'
import { UsageError } from './options.ts'
import { drained, err } from './terminal.ts'

for (const stream of [process.stdout, process.stderr]) {
  // Whoever read us has seen enough: `wiregrade list cases | head`.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(process.exitCode ?? 0)
  })
}

try {
  process.exitCode = await obey(process.argv.slice(2))
} catch (thrown) {
  if (thrown instanceof UsageError) {
    err.line(`${err.paint('red', 'wiregrade')} ${thrown.message}`)
  } else {
    err.line(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
    err.line('This is a bug of wiregrade.')
  }
  process.exitCode = 2
}
await drained()
// What a hostile peer left open does not keep us here.
process.exit()
