#!/usr/bin/env node
import { dissect } from './dissect.ts'
import { explain } from './explain.ts'
import { grade } from './grade.ts'
import { about, commandNamed, overview } from './help.ts'
import { list } from './list.ts'
import type { Command } from './options.ts'
import { parse, UsageError } from './options.ts'
import { version } from './package.ts'
import { peers } from './peers.ts'
import { prove } from './prove.ts'
import { serve } from './serve.ts'
import { drained, err, out } from './terminal.ts'
import { vectors } from './vectors.ts'

const commands: readonly Command[] = [grade, serve, peers, list, explain, dissect, vectors, prove]

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined) {
    for (const line of overview(commands, err.width)) err.line(line)
    return 2
  }
  if (name === '--version' || name === '-v') {
    out.line(version)
    return 0
  }
  if (name === 'help' || name === '--help' || name === '-h') {
    const [topic] = rest
    const lines = topic === undefined ? overview(commands, out.width) : about(commandNamed(topic, commands), out.width)
    for (const line of lines) out.line(line)
    return 0
  }
  const command = commandNamed(name, commands)
  const given = parse(command, rest)
  if (given.has('help')) {
    for (const line of about(command, out.width)) out.line(line)
    return 0
  }
  return await command.run(given)
}

for (const stream of [process.stdout, process.stderr]) {
  // Whoever read us has seen enough: `wiregrade list cases | head`.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(process.exitCode ?? 0)
  })
}

try {
  process.exitCode = await main(process.argv.slice(2))
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
