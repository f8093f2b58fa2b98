import { codecs } from '../catalog.ts'
import { wrap } from '../report/columns.ts'
import { loadVectors, runVectors } from '../vectors.ts'
import { didYouMean } from './nearest.ts'
import type { Command } from './options.ts'
import { UsageError } from './options.ts'
import { out, table } from './terminal.ts'

export const vectors: Command = {
  name: 'vectors',
  usage: '[codec] [--json]',
  about: 'Runs the vectors: octets and the value, or error, that they are.',
  more: ['The files under vectors/ follow vectors/schema.json, and may be used without wiregrade.'],
  options: { json: { about: 'Print each result as JSON.' } },
  words: [0, 1],
  examples: [
    ['vectors', 'all of them'],
    ['vectors hpack/fields', 'those of one codec'],
  ],
  run({ words, has }) {
    const [only] = words
    if (only !== undefined && !Object.hasOwn(codecs, only)) {
      throw new UsageError(
        `vectors: no codec '${only}'${didYouMean(only, Object.keys(codecs))} (wiregrade list codecs)`,
      )
    }
    const results = runVectors(loadVectors(), codecs, only)
    const failed = results.filter(({ problem }) => problem !== undefined)
    if (has('json')) {
      const told = results.map(({ file, codec, vector, problem }) => ({ file, codec, id: vector.id, problem }))
      out.line(JSON.stringify(told, undefined, 2))
      return Promise.resolve(failed.length > 0 ? 1 : 0)
    }
    for (const { file, vector, problem = '' } of failed) {
      out.line(`${out.paint('red', 'failed')} ${file} ${vector.id}: ${vector.comment}`)
      for (const line of wrap(problem, out.width, '  ')) out.line(line)
    }
    const rows = [...new Set(results.map(({ codec }) => codec))].map(codec => {
      const own = results.filter(result => result.codec === codec)
      const bad = own.filter(({ problem }) => problem !== undefined).length
      return [codec, String(own.length - bad), String(bad)]
    })
    if (rows.length > 0) for (const line of table(['codec', 'passed', 'failed'], rows, out.width)) out.line(line)
    out.line(`${results.length - failed.length} vectors passed, ${failed.length} failed`)
    return Promise.resolve(failed.length > 0 ? 1 : 0)
  },
}
