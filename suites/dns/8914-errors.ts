import { suite } from '../../src/conformance/case.ts'
import { type Ask, ask } from '../../src/dns/ask.ts'
import { noOpt, option, proper } from '../../src/dns/checks.ts'
import { expect } from '../../src/dns/expect.ts'
import { authority } from '../../src/dns/features.ts'
import { OPTION, TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc8914 } from '../../src/dns/rules.ts'
import { shownBy } from './connections.ts'

/** Of a zone that the server does not have. */
const elsewhere: Ask = { name: 'example.net.', type: TYPE.A }
const withOpt: Ask = { ...elsewhere, edns: {} }

const tells = shownBy(
  'extended errors',
  'it tells no extended error to who asks for another zone',
  withOpt,
  option(OPTION.EDE, 'an extended error'),
)
const needs = [authority, tells]

const withCode = option(OPTION.EDE, 'an extended error with a code', data =>
  data.length < 2 ? `it has ${data.length} octets` : undefined,
)

const withText = option(OPTION.EDE, 'an extended error with nothing but text behind its code', data => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(data.subarray(2))
    return undefined
  } catch {
    return 'its text is no UTF-8'
  }
})

export default suite(dns, 'server', 'extended errors', [
  {
    rule: rfc8914.extendedErrorLength,
    when: 'a name of another zone is asked for',
    needs,
    steps: [ask(withOpt), expect(proper, withCode)],
  },
  {
    rule: rfc8914.extendedErrorText,
    when: 'a name of another zone is asked for',
    needs,
    steps: [ask(withOpt), expect(proper, withText)],
  },
  {
    rule: rfc8914.extendedErrorOnlyWithOpt,
    when: 'a name of another zone is asked for without OPT',
    needs,
    steps: [ask(elsewhere), expect(proper, noOpt)],
  },
])
