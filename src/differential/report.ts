import { wrap } from '../report/columns.ts'
import type { Differential, Finding } from './differential.ts'
import type { Result } from './run.ts'

export interface TextOptions {
  readonly columns: number
  /** Known ones are told in full too, and not only counted. */
  readonly known?: boolean
  /** The command that shows a disagreement again. */
  readonly replay?: (index: number) => string | undefined
}

/** The result for people: each disagreement with its smallest example, then the sum. */
export function resultText<Scene, Question>(
  game: Differential<Scene, Question, never>,
  result: Result<Scene, Question>,
  options: TextOptions,
): string {
  const told = result.findings.flatMap((found, index) =>
    found.known === undefined || options.known
      ? [...findingLines(game, found, `${index + 1}`, options), ...replayLines(options, index), '']
      : [],
  )
  return [...told, ...wrap(sumOf(result), options.columns)].map(line => `${line}\n`).join('')
}

function findingLines<Scene, Question>(
  game: Differential<Scene, Question, never>,
  found: Finding<Scene, Question>,
  number: string,
  { columns }: TextOptions,
): string[] {
  const { aspect, feature, camps, question, scene, said, count, known, id } = found
  const section = game.decidedBy(feature, aspect)
  const heading = `${number}. ${aspect}, ${feature}: ${camps.map(campText).join('; ')}`
  const width = Math.max(0, ...said.map(({ subject }) => subject.length)) + 2
  return [
    ...wrap(heading, columns, '', '   '),
    ...wrap(
      `${id}, seen ${count === 1 ? 'once' : `${count} times`}${section ? `; ${section} decides` : ''}`,
      columns,
      '   ',
    ),
    ...(known === undefined
      ? []
      : wrap(`known${known.wrong === undefined ? '' : `, ${known.wrong} is wrong`}: ${known.reason}`, columns, '   ')),
    ...game.sceneLines(scene).flatMap(line => wrap(line, columns, '     ', '       ')),
    ...(question === undefined ? [] : wrap(`? ${game.questionText(question)}`, columns, '   ')),
    ...said.flatMap(({ subject, text }) => {
      return wrap(`${text}`, columns, `   ${subject.padEnd(width)}`, ' '.repeat(width + 3))
    }),
  ]
}

function replayLines({ replay, columns }: TextOptions, index: number): string[] {
  const command = replay?.(index)
  if (command === undefined) return []
  // It can be copied as it stands: lines break where the shell lets them, and nowhere else.
  const lines: string[] = []
  let line = '   $'
  for (const word of command.match(/'[^']*'|\S+/g) ?? []) {
    if (line.trim().length > 1 && line.length + word.length + 3 > columns) {
      lines.push(`${line} \\`)
      line = '      '
    }
    line += ` ${word}`
  }
  return [...lines, line]
}

function campText({ subjects, kind }: Finding<unknown, unknown>['camps'][number]): string {
  return `${kind || 'nothing'} (${subjects.join(', ')})`
}

function sumOf({ findings, scenes, questions, subjects, seed }: Result<unknown, unknown>): string {
  const known = findings.flatMap(found => found.known ?? [])
  const faults = known.filter(({ wrong }) => wrong !== undefined).length
  const fresh = findings.length - known.length
  const alike = fresh === 0 ? 'nothing new' : `${fresh} disagreement${fresh === 1 ? '' : 's'}`
  return `${subjects.join(', ')}: ${alike}, ${known.length} known${faults > 0 ? `, ${faults} of them faults` : ''}; ${scenes} scenes, ${questions} questions, seed ${seed}`
}

/** The result for programs. */
export function resultJson<Scene, Question>(
  game: Differential<Scene, Question, never>,
  result: Result<Scene, Question>,
): unknown {
  return {
    ...result,
    findings: result.findings.map(({ question, scene, ...found }) => ({
      id: found.id,
      aspect: found.aspect,
      feature: found.feature,
      count: found.count,
      ...(found.known !== undefined && { known: found.known }),
      ...(game.decidedBy(found.feature, found.aspect) && { decidedBy: game.decidedBy(found.feature, found.aspect) }),
      camps: found.camps,
      scene: game.sceneLines(scene),
      ...(question !== undefined && { question: game.questionText(question) }),
      said: found.said,
    })),
  }
}
