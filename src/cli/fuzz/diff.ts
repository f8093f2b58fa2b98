import { readFileSync } from 'node:fs'
import { codecs } from '../../catalog.ts'
import { KnownDisagreementError, matches, parseKnownDisagreements } from '../../differential/known.ts'
import type { Target } from '../../fuzz/target.ts'
import { diffTarget, type KnownReason } from '../../fuzz/targets/diff.ts'
import type { Comparing } from '../../fuzz/targets/diff-compare.ts'
import { subjectsOf } from '../../fuzz/targets/diff-name.ts'
import { codecReader, moduleReader, type ReaderTarget } from '../../fuzz/targets/diff-reader.ts'
import { diffServersTarget } from '../../fuzz/targets/diff-servers.ts'
import { moduleOptions } from '../../fuzz/targets/module.ts'
import { schemeOf } from '../../schemes.ts'
import { didYouMean } from '../nearest.ts'
import { protocolOf } from '../opening.ts'
import { UsageError } from '../options.ts'
import { comparisonOf } from './diff-forms.ts'
import { schemeNamed, serverTargetNamed } from './server.ts'
import { formOf } from './server-forms.ts'
import { codecVectors } from './vectors.ts'

export interface DiffTargetOptions {
  /** Names of errors that are refusals, for modules. */
  readonly allow: readonly string[]
  /** `accept` or `value`; `value` unless said. */
  readonly compare?: string | undefined
  /** A file of disagreements that are none to act upon. */
  readonly known?: string | undefined
  /** Servers that are not on this machine are the user's own to fuzz. */
  readonly mine?: boolean | undefined
}

const COMPARING: readonly Comparing[] = ['value', 'accept']

/** The target of `diff:codec:dns/message,module:./other.mjs#decode`. Throws `UsageError` that says what may be meant. */
export function diffTargetNamed(name: string, { allow, compare, known, mine }: DiffTargetOptions): Target {
  const names = subjectsOf(name)
  if (names.length < 2)
    throw new UsageError(`fuzz: it takes two to disagree (diff:codec:NAME,module:FILE#EXPORT, not '${name}')`)
  const twice = names.find((each, i) => names.indexOf(each) !== i)
  if (twice !== undefined) throw new UsageError(`fuzz: '${twice}' agrees with itself; it stands in ${name} twice`)
  const servers = names.filter(each => /^(server|url):/.test(each))
  if (servers.length === names.length) return serversNamed(name, names, { compare, known, mine })
  if (servers.length > 0) throw new UsageError(`fuzz: '${servers[0]}' is a server; it can be held against servers only`)
  const comparing = COMPARING.find(each => each === (compare ?? 'value'))
  if (comparing === undefined) throw new UsageError(`fuzz: --compare takes ${COMPARING.join(' or ')}, not '${compare}'`)
  const subjects = names.map(each => readerNamed(each, allow))
  return diffTarget({ name, subjects, comparing, known: known === undefined ? undefined : knownReasons(known) })
}

/** Servers of one protocol that are reached in the same way. */
function serversNamed(name: string, names: readonly string[], options: Omit<DiffTargetOptions, 'allow'>): Target {
  const { compare, known, mine = false } = options
  if (compare !== undefined)
    throw new UsageError('fuzz: --compare is for codecs and modules; servers say what they say')
  const servers = names.map(each => serverTargetNamed(each, { mine }))
  const schemes = names.map(schemeNamed)
  const [scheme = 'dns'] = schemes
  const other = schemes.findIndex(each => each !== scheme)
  if (other > 0)
    throw new UsageError(
      `fuzz: ${names[0]} is reached by ${scheme}, and ${names[other]} by ${schemes[other]}; server:NAME/SCHEME says by which`,
    )
  const protocol = protocolOf(scheme)
  const form = formOf(protocol)
  return diffServersTarget({
    name,
    servers,
    transports: schemeOf(scheme).transports,
    form,
    compared: comparisonOf(protocol, form),
    known: known === undefined ? undefined : knownReasons(known),
  })
}

function readerNamed(name: string, allow: readonly string[]): ReaderTarget {
  const kind = name.slice(0, name.indexOf(':'))
  const rest = name.slice(kind.length + 1)
  if (kind === 'codec') {
    const line = Object.hasOwn(codecs, rest) ? codecs[rest] : undefined
    if (line === undefined) throw new UsageError(`fuzz: no codec '${rest}'${didYouMean(rest, Object.keys(codecs))}`)
    return codecReader(rest, line, codecVectors(rest))
  }
  if (kind === 'module' && rest !== '') return moduleReader(moduleOptions(name, allow))
  throw new UsageError(
    `fuzz: '${name}' is nothing to hold against others: codec:NAME, module:FILE#EXPORT or server:NAME`,
  )
}

/** The reason of the first entry of a file that is about a disagreement. Throws `UsageError` that says what is wrong with the file. */
export function knownReasons(file: string): KnownReason {
  try {
    const entries = parseKnownDisagreements(readFileSync(file, 'utf8'), file)
    return id => entries.find(entry => matches(entry, id))?.reason
  } catch (thrown) {
    if (thrown instanceof KnownDisagreementError) throw new UsageError(`fuzz: ${thrown.message}`)
    throw new UsageError(`fuzz: the known file cannot be read: ${(thrown as Error).message}`)
  }
}
