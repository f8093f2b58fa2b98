import { wrap } from '../report/columns.ts'
import { didYouMean } from './nearest.ts'
import type { Command } from './options.ts'
import { UsageError } from './options.ts'
import { version } from './package.ts'
import { labelled, out } from './terminal.ts'

const INDENT = 22

/** Help on all commands. */
export function overview(commands: readonly Command[], width: number): string[] {
  const head = (text: string): string => out.paint('bold', text)
  return [
    `wiregrade ${version} grades how well a peer speaks its network protocol.`,
    '',
    head('Usage'),
    '  wiregrade <command> [options]',
    '',
    head('Commands'),
    ...commands.flatMap(command => labelled(`  ${command.name}`, command.about, 12, width)),
    ...labelled('  help', 'Tells more of a command: wiregrade help grade', 12, width),
    '',
    head('Examples'),
    '  wiregrade serve http2 --port 8080          # a server to try it on',
    '  wiregrade grade h2c://127.0.0.1:8080       # grade it',
    '  wiregrade grade https://127.0.0.1:8443 --insecure --html report.html',
    '  wiregrade grade dns://127.0.0.1:5300 --zone example.zone',
    '  wiregrade grade --role client --run "curl -sk {url}"',
    '  wiregrade dissect http2/frame 000000040100000000',
    '',
    head('Exit status'),
    '  0  every MUST passes or is known not to',
    '  1  one does not, or something is not proven',
    '  2  it cannot be done: wrong usage, or no peer',
    '',
    'Grade only what is yours or what you may: cases send what no good peer would.',
  ]
}

/** Help on one command. */
export function about(command: Command, width: number): string[] {
  const head = (text: string): string => out.paint('bold', text)
  const options = Object.entries({ ...command.options, help: { about: 'This help.' } })
  const lines = [
    ...wrap(command.about, width),
    '',
    head('Usage'),
    `  wiregrade ${command.name} ${command.usage}`.trimEnd(),
  ]
  for (const paragraph of command.more ?? []) lines.push('', ...wrap(paragraph, width))
  lines.push('', head('Options'))
  for (const [name, option] of options) {
    const value = 'value' in option && option.value !== undefined ? ` ${option.value}` : ''
    const many = 'many' in option && option.many ? ' May be given again.' : ''
    lines.push(...labelled(`  --${name}${value}`, option.about + many, INDENT, width))
  }
  lines.push('', head('Examples'))
  for (const [example, says] of command.examples) {
    lines.push(...wrap(`# ${says}`, width, '  '), `  wiregrade ${example}`)
  }
  return lines
}

/** The command of a name; throws `UsageError` with the nearest one. */
export function commandNamed(name: string, commands: readonly Command[]): Command {
  const found = commands.find(command => command.name === name)
  if (found) return found
  const names = [...commands.map(command => command.name), 'help']
  throw new UsageError(`no command '${name}'${didYouMean(name, names)} (wiregrade help lists them)`)
}
