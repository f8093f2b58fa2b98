import type { Role, Rule } from '../../conformance/rule.ts'
import type { Field } from '../../hpack/field.ts'
import { data, headers, pushPromise, settings } from '../build.ts'
import type { SentSection } from '../connection.ts'
import { ACK, DATA, END_STREAM, type Frame, HEADERS, SETTINGS } from '../frame.ts'
import { fieldBlock } from '../requests.ts'
import { rfc8441, rfc9110, rfc9113 } from '../rules.ts'
import { ENABLE_CONNECT_PROTOCOL } from '../settings-parameters.ts'

/** What a deviant makes of a field section before it is compressed. */
export type AlterFields = (fields: readonly Field[], kind: SentSection) => readonly Field[]

/** What a deviant sends in place of a frame. */
export type AlterFrame = (frame: Frame, role: Role) => readonly Frame[]

const field = (name: string, value: string): Field => ({ name, value })
const isPseudo = ({ name }: Field) => name.startsWith(':')

/** Adds regular fields at the end, or pseudo-header fields at the start. */
const adding = (name: string, value: string): AlterFields => {
  const extra = field(name, value)
  return fields => (isPseudo(extra) ? [extra, ...fields] : [...fields, extra])
}

const without =
  (name: string): AlterFields =>
  fields =>
    fields.filter(each => each.name !== name)

const changing =
  (name: string, change: (value: string) => string): AlterFields =>
  fields =>
    fields.map(each => (each.name === name ? field(name, change(each.value)) : each))

const statusIs = (fields: readonly Field[], test: RegExp) =>
  fields.some(({ name, value }) => name === ':status' && test.test(value))

/** Only where a response has such a status. */
const where =
  (status: RegExp, alter: AlterFields): AlterFields =>
  (fields, kind) =>
    statusIs(fields, status) ? alter(fields, kind) : fields

/** Only in sections of one kind. */
const inOnly =
  (only: SentSection, alter: AlterFields): AlterFields =>
  (fields, kind) =>
    kind === only ? alter(fields, kind) : fields

/** Deviants of rules about the fields that are sent: each breaks one, and spoils a plain response as little as can be. */
export const fieldDeviants: ReadonlyMap<Rule, AlterFields> = new Map<Rule, AlterFields>([
  [rfc9113.fieldNamesSentLowercase, adding('X-Deviant', 'x')],
  [rfc9113.fieldsSentValid, adding('x-deviant', 'x ')],
  [rfc9113.connectionFieldsNotSent, adding('connection', 'keep-alive')],
  [rfc9113.teSentTrailersOnly, adding('te', 'gzip')],
  [rfc9113.trailersWithoutPseudo, inOnly('trailers', adding(':status', '200'))],
  [rfc9113.pseudoSentDefined, adding(':deviant', 'x')],
  [
    rfc9113.pseudoSentInContext,
    (fields, kind) => adding(kind === 'request' ? ':status' : ':path', kind === 'request' ? '200' : '/')(fields, kind),
  ],
  [
    rfc9113.pseudoSentFirst,
    fields => [...fields.filter(each => !isPseudo(each)), field('x-deviant', 'x'), ...fields.filter(isPseudo)],
  ],
  [rfc9113.pseudoSentOnce, fields => [...fields.slice(0, 1).filter(isPseudo), ...fields]],
  [rfc9113.statusSent, where(/^4/, without(':status'))],
  [rfc9113.authoritySent, without(':authority')],
  [rfc9113.authorityWithoutUserinfo, changing(':authority', value => `user@${value}`)],
  [rfc9113.hostSentEqualsAuthority, adding('host', 'another.example')],
  [rfc9113.pathSentNonempty, changing(':path', () => '')],
  [rfc9113.requestPseudoSent, without(':scheme')],
  [rfc9110.dateSent, without('date')],
  [rfc9110.noContentLengthWithoutContent, where(/^(1..|204)$/, adding('content-length', '0'))],
  [rfc9110.methodNotAllowedNamesAllowed, without('allow')],
  [
    rfc9110.connectContentLength,
    where(/^2/, fields =>
      fields.some(({ name }) => name === 'content-length') ? fields : [...fields, field('content-length', '0')],
    ),
  ],
])

const ends = ({ type, flags }: Frame) => (type === DATA || type === HEADERS) && (flags & END_STREAM) !== 0

const open = (frame: Frame): Frame => ({ ...frame, flags: frame.flags & ~END_STREAM })

/** The first stream is left in peace: by it a server shows that it is alive. */
const spared = ({ stream }: Frame, role: Role) => role === 'server' && stream === 1

/** Gives content to each message that ends with its header section. */
const withContent: AlterFrame = (frame, role) =>
  frame.type === HEADERS && ends(frame) && !spared(frame, role)
    ? [open(frame), data(frame.stream, 'deviant', { endStream: true })]
    : [frame]

/** More SETTINGS, after those that the connection begins with. */
const settingsToo =
  (...values: readonly number[]): AlterFrame =>
  frame => {
    if (frame.type !== SETTINGS || (frame.flags & ACK) !== 0) return [frame]
    return [frame, ...values.map(value => settings([[ENABLE_CONNECT_PROTOCOL, value]]))]
  }

/** Deviants of rules about the frames of a message. */
export const frameDeviants: ReadonlyMap<Rule, AlterFrame> = new Map<Rule, AlterFrame>([
  [rfc9113.messageEndsStream, (frame, role) => [spared(frame, role) || !ends(frame) ? frame : open(frame)]],
  [rfc9110.headWithoutContent, withContent],
  [rfc9110.noContentWithoutContent, withContent],
  [rfc9110.notModifiedWithoutContent, withContent],
  [
    rfc9113.switchingProtocolsNotSent,
    (frame, role) =>
      frame.type === HEADERS && !spared(frame, role)
        ? [headers(frame.stream, fieldBlock([[':status', '101']])), frame]
        : [frame],
  ],
  [
    rfc9113.connectSendsDataOnly,
    frame =>
      frame.type === DATA && ends(frame)
        ? [open(frame), headers(frame.stream, fieldBlock([['x-deviant', 'x']]), { endStream: true })]
        : [frame],
  ],
  [
    rfc9113.clientNeverPromises,
    frame =>
      frame.type === HEADERS ? [frame, pushPromise(frame.stream, 2, fieldBlock([[':method', 'GET']]))] : [frame],
  ],
  [rfc8441.enableConnectProtocolRange, settingsToo(2)],
  [rfc8441.enableConnectProtocolKept, settingsToo(1, 0)],
])
