import { protocols } from '../catalog.ts'
import { prove as proveCase } from '../conformance/prove.ts'
import { memoryPeer } from '../io/memory.ts'
import { wrap } from '../report/columns.ts'
import { allCases, casesMatching } from './cases.ts'
import type { Command } from './options.ts'
import { Progress } from './progress.ts'
import { out } from './terminal.ts'

export const prove: Command = {
  name: 'prove',
  usage: '[glob] [--protocol NAME] [--role server|client] [--json]',
  about: 'Proves in memory that cases catch who breaks their rule.',
  more: [
    'A case is proven when the machine that keeps every rule passes it and the machine that breaks just this one is caught. No socket is opened.',
  ],
  options: {
    protocol: { value: 'NAME', about: `Only of this protocol: ${Object.keys(protocols).join(', ')}.` },
    role: { value: 'ROLE', about: 'Only where this role is under test: server or client.' },
    json: { about: 'Print what was proven as JSON.' },
  },
  words: [0, 1],
  examples: [
    ['prove', 'all cases'],
    ["prove 'rfc9113/6.5/*'", 'those of a section'],
  ],
  async run(given) {
    const role = given.choice('role', ['server', 'client', 'proxy'])
    const protocol = given.choice('protocol', Object.keys(protocols))
    const among = allCases().filter(
      ({ suite }) => (role ?? suite.role) === suite.role && (protocol ?? suite.protocol.name) === suite.protocol.name,
    )
    const [pattern] = given.words
    const chosen = pattern === undefined ? among : casesMatching('prove', pattern, among)
    const progress = new Progress()
    const proofs = []
    let failed = 0
    for (const { id, suite, entry } of chosen) {
      const proof = await proveCase(suite, entry, memoryPeer)
      proofs.push(proof)
      if (!proof.proven) {
        failed += 1
        if (!given.has('json')) {
          progress.clear()
          out.line(`${out.paint('red', 'not proven')} ${suite.role} ${id}`)
          for (const line of wrap(proof.because ?? '', out.width, '  ')) out.line(line)
        }
      }
      progress.update('proving', { done: proofs.length, total: chosen.length, failed })
    }
    progress.end('proving')
    if (given.has('json')) {
      const told = proofs.map(({ id, role: of, proven, because }) => ({ id, role: of, proven, because }))
      out.line(JSON.stringify(told, undefined, 2))
    } else {
      const rest = failed === 0 ? '' : `, ${out.paint('red', `${failed} not`)}`
      out.line(`${proofs.length - failed} of ${proofs.length} cases proven${rest}`)
    }
    return failed === 0 && proofs.length > 0 ? 0 : 1
  },
}
