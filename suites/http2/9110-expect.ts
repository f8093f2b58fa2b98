import { data } from '../../src/http2/build.ts'
import { barrier, broke, concluded, expect, hindrance, kept, that } from '../../src/http2/expect.ts'
import { expectingContinue } from '../../src/http2/expect-message.ts'
import { rfc9110 } from '../../src/http2/rules.ts'
import { statusOf } from '../../src/http2/seen.ts'
import { send, until } from '../../src/http2/steps.ts'
import { topic } from './roles.ts'

export default topic('Expect', {
  server: [
    {
      rule: rfc9110.expectContinueAnswered,
      when: 'the content waits for the answer',
      steps: [
        send(expectingContinue(3)),
        expect(
          that('100 or a final status', async talk => {
            const heads = () => talk.seen.filter(seen => seen.kind === 'headers' && seen.stream === 3)
            const { ended, came } = await until(talk, () => heads().length > 0 || talk.message(3).reset !== undefined)
            const [first] = heads()
            if (first?.kind === 'headers') return kept(`status ${statusOf(first.fields)}`)
            return broke(ended ? came : 'RST_STREAM')
          }),
        ),
      ],
    },
    {
      rule: rfc9110.expectContinueFinal,
      when: 'the content comes after 100',
      steps: [
        send(expectingContinue(3)),
        expect(
          that('100', async talk => {
            const { passed } = barrier(talk)
            for (;;) {
              const seen = await talk.next()
              if (talk.message(3).interim.includes(100)) return kept('status 100')
              if (concluded(talk, 3) || talk.message(3).head)
                return { outcome: 'unsupported', came: 'a final status at once' }
              const problem = hindrance(talk, seen, [])
              if (problem) return problem
              if (passed(seen)) return { outcome: 'unsupported', came: 'no 100' }
            }
          }),
        ),
        send(data(3, 'wire', { endStream: true })),
        expect(
          that('a final status', async talk => {
            const { ended, came } = await until(talk, () => concluded(talk, 3))
            if (ended) return broke(came)
            const { status } = talk.message(3)
            return status === undefined || status === 0 ? broke('no status') : kept(`status ${status}`)
          }),
        ),
      ],
    },
  ],
})
