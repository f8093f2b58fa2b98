import { expect } from '../../src/http2/expect.ts'
import { everySection } from '../../src/http2/expect-message.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { topic } from './roles.ts'

const lowercase = everySection('every field name in lowercase', ({ fields }) => {
  const bad = fields.find(({ name }) => /[A-Z]/.test(name))
  return bad && `${bad.name}: ${bad.value}`
})

export default topic('Fields', {
  server: [
    {
      rule: rfc9113.fieldNamesSentLowercase,
      when: 'GET, HEAD, OPTIONS and a path that is not there are asked for',
      steps: [expect(lowercase)],
    },
  ],
  client: [
    {
      rule: rfc9113.fieldNamesSentLowercase,
      when: 'it requests the URL that it is given',
      steps: [expect(lowercase)],
    },
  ],
})
