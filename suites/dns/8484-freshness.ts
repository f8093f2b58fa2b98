import type { Case } from '../../src/conformance/case.ts'
import { suite } from '../../src/conformance/case.ts'
import type { Ask } from '../../src/dns/ask.ts'
import { nameError, noAnswer, noError, proper } from '../../src/dns/checks.ts'
import type { Check } from '../../src/dns/expect.ts'
import { ourZone } from '../../src/dns/features.ts'
import {
  type Answered,
  ask,
  byGet,
  dnsResponse,
  expectHttp,
  fieldOf,
  httpCheck,
  status,
} from '../../src/dns/https-steps.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { SOA } from '../../src/dns/rdata/rfc1035.ts'
import { dataOf } from '../../src/dns/record.ts'
import { rfc8484 } from '../../src/dns/rules.ts'
import type { DnsTalk } from '../../src/dns/talk.ts'
import { https } from './connections.ts'

const base = { opening: https, needs: [ourZone] }

/** Seconds for which a response says that it is fresh; undefined where it does not. RFC 9111 §4.2.1 */
function lifetimeOf({ http }: Answered): number | undefined {
  const control = fieldOf(http, 'cache-control').toLowerCase()
  // What is not to be kept, or only with care, is never fresh.
  if (/\bno-(store|cache)\b/.test(control)) return 0
  const seconds = /\bmax-age="?(\d+)/.exec(control)?.[1]
  return seconds === undefined ? undefined : Number(seconds)
}

/** The longest for which it may be so, by the message; undefined where nothing says. RFC 8484 §5.1 */
function limitOf({ seen }: Answered): number | undefined {
  if (seen.kind !== 'message') return undefined
  const { answers, authority } = seen.message
  if (answers.length > 0) return Math.min(...answers.map(({ ttl }) => ttl))
  for (const record of authority) {
    const soa = dataOf(record, SOA)
    if (soa) return soa.minimum
  }
  return undefined
}

const assigned = httpCheck('a lifetime in Cache-Control', came =>
  lifetimeOf(came) === undefined ? `Cache-Control is ${fieldOf(came.http, 'cache-control') || 'not there'}` : undefined,
)

/** A lifetime that is not there is not too long. */
const within = httpCheck('a lifetime no longer than the message permits', came => {
  const [lifetime, limit] = [lifetimeOf(came), limitOf(came)]
  if (limit === undefined) return 'nothing in the message says how long it may be kept'
  return lifetime !== undefined && lifetime > limit ? `${lifetime} seconds where ${limit} are permitted` : undefined
})

const equal = httpCheck('a lifetime as long as the smallest TTL', came => {
  const [lifetime, limit] = [lifetimeOf(came), limitOf(came)]
  return lifetime === limit ? undefined : `${lifetime ?? 'no'} seconds where the smallest TTL is ${limit}`
})

/** What comes of a GET request, which caches keep. */
const fetching = (
  one: Ask,
  response: readonly Check[],
  ...checks: readonly (typeof within)[]
): Pick<Case<DnsTalk>, 'steps'> => ({
  steps: [ask('fetch it', byGet(), one), expectHttp('fail', status(200, 299), dnsResponse(...response), ...checks)],
})

const found = [proper, noError]

export default suite(dns, 'server', 'HTTPS, freshness', [
  {
    rule: rfc8484.freshnessAssigned,
    when: 'a name that exists is fetched',
    ...base,
    ...fetching({ name: 'www', type: TYPE.A }, found, assigned),
  },
  {
    rule: rfc8484.freshnessAssigned,
    when: 'a name that does not exist is fetched',
    ...base,
    ...fetching({ name: 'nothing-here', type: TYPE.A }, [proper, nameError], assigned),
  },
  {
    rule: rfc8484.freshnessWithinTtl,
    when: 'the TTL of an answer is 300',
    ...base,
    ...fetching({ name: 'www', type: TYPE.A }, found, within),
  },
  {
    rule: rfc8484.freshnessWithinTtl,
    when: 'the TTL of an answer is 3600',
    ...base,
    ...fetching({ name: 'ttl', type: TYPE.A }, found, within),
  },
  {
    rule: rfc8484.freshnessWithinTtl,
    when: 'an answer has aliases',
    ...base,
    ...fetching({ name: 'chain1', type: TYPE.A }, found, within),
  },
  {
    rule: rfc8484.freshnessEqualsTtl,
    when: 'the TTL of an answer is 3600',
    ...base,
    ...fetching({ name: 'ttl', type: TYPE.A }, found, equal),
  },
  {
    rule: rfc8484.freshnessWithinMinimum,
    when: 'a name that does not exist is fetched',
    ...base,
    ...fetching({ name: 'nothing-here', type: TYPE.A }, [proper, nameError], within),
  },
  {
    rule: rfc8484.freshnessWithinMinimum,
    when: 'a name that exists has nothing of the type',
    ...base,
    ...fetching({ name: 'only-v4', type: TYPE.AAAA }, [proper, noError, noAnswer], within),
  },
])
