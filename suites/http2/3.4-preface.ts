import { ping, rawFrame, settings, windowUpdate } from '../../src/http2/build.ts'
import { line } from '../../src/http2/describe.ts'
import { errorCodeName, INTERNAL_ERROR, NO_ERROR, PROTOCOL_ERROR } from '../../src/http2/error-codes.ts'
import {
  barrier,
  broke,
  contented,
  type Expectation,
  expect,
  type Judgement,
  kept,
  that,
  weakly,
} from '../../src/http2/expect.ts'
import { acknowledges } from '../../src/http2/expect-frames.ts'
import { respond } from '../../src/http2/expect-message.ts'
import { ACK, HEADERS } from '../../src/http2/frame.ts'
import { PREFACE } from '../../src/http2/interpreter.ts'
import { request } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { send, until } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { topic } from './roles.ts'

/** RFC 9113 §3.4: the connection ends, with GOAWAY PROTOCOL_ERROR or, as may be here, without. */
function prefaceRefused(): Expectation {
  return that('the connection to end over the preface', async talk => {
    const { passed } = barrier(talk)
    let goaway: number | undefined
    for (;;) {
      const seen = await talk.next()
      if (seen.kind === 'goaway' && seen.code !== NO_ERROR) {
        goaway ??= seen.code
        talk.channel.end()
      }
      if (seen.kind === 'end') {
        if (goaway === undefined) return endedWithout(talk, `${line(seen)}, without GOAWAY`)
        const came = `GOAWAY ${errorCodeName(goaway)}, end of the connection`
        // The other generic code will do too. RFC 9113 §5.4
        return goaway === PROTOCOL_ERROR || goaway === INTERNAL_ERROR ? kept(came) : weakly(came)
      }
      // A server for more than one version does not take it for HTTP/2.
      if (seen.kind === 'broken' && seen.why === 'it answered in HTTP/1.1') return kept(seen.why)
      if (seen.kind === 'broken') return broke(line(seen))
      if (seen.kind === 'silence') {
        const came = `nothing for ${talk.options.patience} ms`
        return goaway === undefined
          ? broke(came)
          : weakly(`GOAWAY ${errorCodeName(goaway)}, but the connection was left open`)
      }
      if (passed(seen)) return broke('the connection went on: PING and what followed were answered')
    }
  })
}

/** A program that says that it ended well has not noticed that anything was wrong. */
async function endedWithout(talk: Http2Talk, came: string): Promise<Judgement> {
  talk.channel.end()
  const exit = await talk.channel.exit?.(talk.options.patience)
  return exit?.code === 0 ? broke(`${came}; the program ended well, with exit status 0`) : kept(came)
}

/** What stands in one place of all that the subject says. */
function saysIn(place: number, wants: string, is: (talk: Http2Talk) => boolean): Expectation {
  return that(wants, async talk => {
    await until(talk, () => talk.seen.length > place)
    const seen = talk.seen[place]
    if (seen === undefined) return broke('nothing')
    return is(talk) ? kept(line(seen)) : broke(line(seen))
  })
}

const wrongPreface = Buffer.from(PREFACE)
wrongPreface.write('XM', 18, 'latin1')

export default topic('Connection preface', {
  both: [
    {
      rule: rfc9113.prefaceSettingsAcknowledged,
      when: 'SETTINGS have come in the preface',
      steps: [expect(acknowledges())],
    },
  ],
  server: [
    {
      rule: rfc9113.serverPrefaceOnPriorKnowledge,
      when: 'a client begins with prior knowledge',
      begin: [],
      steps: [send(PREFACE, settings()), expect(saysIn(0, 'SETTINGS', ({ seen }) => seen[0]?.kind === 'settings'))],
    },
    {
      rule: rfc9113.serverPrefaceSettingsFirst,
      when: 'a client begins without waiting',
      begin: [],
      steps: [
        send(PREFACE, settings(), windowUpdate(0, 1000), request(1)),
        expect(saysIn(0, 'SETTINGS before anything else', ({ seen }) => seen[0]?.kind === 'settings')),
      ],
    },
    {
      rule: rfc9113.clientFramesBeforeServerPreface,
      when: 'SETTINGS, PING, WINDOW_UPDATE and a request come in one write with the preface',
      begin: [],
      steps: [
        send(PREFACE, settings(), ping(), windowUpdate(0, 1000), request(1)),
        expect(
          that('a whole response', async talk => {
            const { ended, came } = await until(talk, () => talk.message(1).ended)
            const { status } = talk.message(1)
            if (ended || status === undefined) return broke(came)
            return status > 0 && status < 500 ? kept(`status ${status}`) : broke(`status ${status}`)
          }),
        ),
      ],
    },
    {
      rule: rfc9113.emptyPrefaceSettings,
      when: 'the SETTINGS of the preface are empty',
      begin: [],
      steps: [send(PREFACE, settings(), request(1)), expect(acknowledges())],
    },
    {
      rule: rfc9113.prefaceInvalid,
      when: 'two of the 24 octets are others',
      begin: [],
      steps: [send(wrongPreface, settings(), request(1)), expect(prefaceRefused())],
    },
    {
      rule: rfc9113.prefaceInvalid,
      when: 'the 24 octets are followed by PING',
      begin: [],
      steps: [send(PREFACE, ping(), settings()), expect(prefaceRefused())],
    },
    {
      rule: rfc9113.prefaceInvalid,
      when: 'the 24 octets are followed by a request',
      begin: [],
      steps: [send(PREFACE, request(1), settings()), expect(prefaceRefused())],
    },
  ],
  client: [
    {
      rule: rfc9113.clientPrefaceMagic,
      when: 'it connects',
      steps: [expect(saysIn(0, 'the 24 octets of the client preface', ({ seen }) => seen[0]?.kind === 'preface'))],
    },
    {
      rule: rfc9113.clientPrefaceSettings,
      when: 'it connects',
      steps: [expect(saysIn(1, 'SETTINGS after the 24 octets', ({ seen }) => seen[1]?.kind === 'settings'))],
    },
    {
      rule: rfc9113.emptyPrefaceSettings,
      when: 'the SETTINGS of the preface are empty',
      steps: [send(respond({ content: 'wire' })), expect(contented())],
    },
    {
      rule: rfc9113.prefaceInvalid,
      when: 'a server begins with PING',
      begin: [],
      steps: [send(ping(), settings()), expect(prefaceRefused())],
    },
    {
      rule: rfc9113.prefaceInvalid,
      when: 'a server begins with a response',
      begin: [],
      steps: [
        send(rawFrame({ type: HEADERS, flags: 0x05, stream: 1, payload: Uint8Array.of(0x88) }), settings()),
        expect(prefaceRefused()),
      ],
    },
    {
      rule: rfc9113.prefaceInvalid,
      when: 'a server begins with SETTINGS ACK',
      begin: [],
      steps: [send({ ...settings(), flags: ACK }, settings()), expect(prefaceRefused())],
    },
  ],
})
