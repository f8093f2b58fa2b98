import { expect } from '../../src/http2/expect.ts'
import { everySection } from '../../src/http2/expect-message.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { badResponse } from './malformed.ts'
import { topic } from './roles.ts'

const { statusMissing } = rfc9113

export default topic('Response pseudo-header fields', {
  server: [
    {
      rule: rfc9113.statusSent,
      when: 'GET, HEAD, OPTIONS and a path that is not there are asked for',
      steps: [
        expect(
          everySection('one :status of three digits in each header section of a response', (each, talk) => {
            if (talk.message(each.stream).trailers === each) return undefined
            const values = each.fields.filter(({ name }) => name === ':status').map(({ value }) => value)
            const good = values.length === 1 && /^[1-9][0-9]{2}$/.test(values[0] ?? '')
            return good ? undefined : `:status ${values.join(' and ') || 'missing'}`
          }),
        ),
      ],
    },
  ],
  client: [
    badResponse(statusMissing, 'a response has no :status', [['content-type', 'text/plain']]),
    badResponse(statusMissing, 'a response has an empty :status', [[':status', '']]),
    badResponse(statusMissing, 'a response has a :status of two digits', [[':status', '20']]),
    badResponse(statusMissing, 'a response has a :status of four digits', [[':status', '2000']]),
    badResponse(statusMissing, 'a response has a :status of letters', [[':status', 'okay']]),
    badResponse(statusMissing, 'a response has a status field without the colon', [['status', '200']]),
  ],
})
