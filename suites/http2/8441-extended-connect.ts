import { settings } from '../../src/http2/build.ts'
import { broke, expect, goesOn, kept, malformed, that } from '../../src/http2/expect.ts'
import { extendedConnect } from '../../src/http2/features.ts'
import { request } from '../../src/http2/requests.ts'
import { rfc8441 } from '../../src/http2/rules.ts'
import { ENABLE_CONNECT_PROTOCOL } from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { badRequest } from './malformed.ts'
import { type Http2Case, topic } from './roles.ts'

/** The values of the setting in the order in which they were sent. */
function values(talk: Http2Talk): readonly number[] {
  return talk.seen.flatMap(seen =>
    seen.kind === 'settings'
      ? seen.parameters.filter(([id]) => id === ENABLE_CONNECT_PROTOCOL).map(([, value]) => value)
      : [],
  )
}

/** What holds of all values that were sent; `none` may be told by a subject that never sent one. */
const sent = (wants: string, good: (all: readonly number[]) => boolean) =>
  that(wants, talk => {
    if (!talk.seen.some(seen => seen.kind === 'settings')) return broke('no SETTINGS')
    const all = values(talk)
    const came = all.length === 0 ? 'it is not sent' : `the values ${all.join(', then ')}`
    return good(all) ? kept(came) : broke(came)
  })

const WEBSOCKET = { ':method': 'CONNECT', ':protocol': 'websocket' }

/** Extended CONNECT where it was not agreed to; where it was, :protocol with a method that it is not defined for. */
const uninvited = (talk: Http2Talk) => ({
  pseudo: { ...WEBSOCKET, ...(talk.settings.get(ENABLE_CONNECT_PROTOCOL) === 1 ? { ':method': 'GET' } : {}) },
})

const both: readonly Http2Case[] = [
  {
    rule: rfc8441.enableConnectProtocolRange,
    when: 'its settings have come',
    steps: [expect(goesOn()), expect(sent('no value but 0 and 1', all => all.every(value => value <= 1)))],
  },
  {
    rule: rfc8441.enableConnectProtocolKept,
    when: 'its settings have come',
    steps: [
      expect(goesOn()),
      expect(sent('no 0 after a 1', all => !all.some((value, i) => value === 0 && all.slice(0, i).includes(1)))),
    ],
  },
]

export default topic('Extended CONNECT', {
  both,
  server: [
    {
      rule: rfc8441.enableConnectProtocolFromClient,
      when: 'a client sends the value 1',
      steps: [send(settings([[ENABLE_CONNECT_PROTOCOL, 1]])), expect(goesOn())],
    },
    {
      rule: rfc8441.protocolWithoutSetting,
      when: 'a request has a :protocol that was not agreed to',
      steps: [send(talk => request(3, uninvited(talk))(talk)), expect(malformed(3))],
    },
    ...[':scheme', ':path'].map(
      (name): Http2Case => ({
        ...badRequest(rfc8441.extendedConnectWithoutSchemeOrPath, `a request has :protocol but no ${name}`, {
          pseudo: { ...WEBSOCKET, [name]: undefined },
          endStream: false,
        }),
        needs: [extendedConnect],
      }),
    ),
  ],
})
