import { answered, expect } from '../../src/http2/expect.ts'
import { request } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { send } from '../../src/http2/steps.ts'
import { topic } from './roles.ts'

export default topic('Cookie', {
  server: [
    {
      rule: rfc9113.cookieSplit,
      when: 'a request has three cookie fields',
      steps: [
        send(
          request(3, {
            fields: [
              ['cookie', 'a=b'],
              ['cookie', 'c=d'],
              ['cookie', 'e=f'],
            ],
          }),
        ),
        expect(answered(3)),
      ],
    },
  ],
})
