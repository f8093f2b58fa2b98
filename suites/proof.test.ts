import { describe, expect, it } from 'vitest'
import { suites } from '../src/catalog.ts'
import { caseId } from '../src/conformance/case.ts'
import { prove } from '../src/conformance/prove.ts'
import { memoryPeer } from '../src/io/memory.ts'

/**
 * Every case of every protocol can fail: our machine that keeps the rule passes, and the machine that ignores it is
 * caught by what it does. One that dies of its own mistake would prove nothing.
 */
describe.each(suites.map(suite => ({ suite, name: `${suite.protocol.name} ${suite.role}, ${suite.title}` })))(
  '$name',
  ({ suite }) => {
    it.each(suite.cases.map(entry => ({ entry, id: caseId(entry) })))('$id', async ({ entry }) => {
      const { because, deviant } = await prove(suite, entry, memoryPeer)
      expect(because).toBeUndefined()
      expect(deviant.outcome, deviant.came).not.toBe('crash')
    })
  },
)

describe('case ids', () => {
  it.each(['server', 'client'])('name one case each of a %s', role => {
    const ids = suites.filter(suite => suite.role === role).flatMap(suite => suite.cases.map(caseId))
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  it('are of rules that their protocol lists, in the role that the rule is about', () => {
    const strays = suites.flatMap(({ protocol, role, cases }) =>
      cases
        .filter(({ rule }) => !protocol.rules.includes(rule) || (rule.role !== 'both' && rule.role !== role))
        .map(caseId),
    )
    expect(strays).toEqual([])
  })
})
