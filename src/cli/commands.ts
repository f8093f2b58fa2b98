import { diff } from './diff.ts'
import { dissect } from './dissect.ts'
import { explain } from './explain.ts'
import { fuzz } from './fuzz.ts'
import { grade } from './grade.ts'
import { about, commandNamed, overview } from './help.ts'
import { list } from './list.ts'
import type { Command } from './options.ts'
import { parse } from './options.ts'
import { version } from './package.ts'
import { peers } from './peers.ts'
import { prove } from './prove.ts'
import { serve } from './serve.ts'
import { err, out } from './terminal.ts'
import { vectors } from './vectors.ts'

/** All commands, in the order of help. */
export const commands: readonly Command[] = [grade, serve, peers, list, explain, dissect, diff, fuzz, vectors, prove]

/** Does what the arguments say and answers the exit status. Throws `UsageError` when they say nothing that can be done. */
export async function obey(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined) {
    for (const line of overview(commands, err.width)) err.line(line)
    return 2
  }
  if (name === '--version' || name === '-v') {
    out.line(version)
    return 0
  }
  if (name === 'help' || name === '--help' || name === '-h') return help(rest[0])
  const command = commandNamed(name, commands)
  const given = parse(command, rest)
  return given.has('help') ? help(name) : await command.run(given)
}

function help(topic: string | undefined): number {
  const lines = topic === undefined ? overview(commands, out.width) : about(commandNamed(topic, commands), out.width)
  for (const line of lines) out.line(line)
  return 0
}
