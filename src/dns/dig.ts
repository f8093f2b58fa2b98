import type { TalkOptions } from '../conformance/case.ts'
import type { Opening } from '../conformance/channel.ts'
import { toHex } from '../wire/hex.ts'
import { edns } from './edns.ts'
import type { Message } from './message.ts'
import { CLASS, classes, OPTION, TYPE, types } from './mnemonics.ts'

/** Host and port of an authority, for a command. */
function where({ authority }: TalkOptions): { readonly host: string; readonly port: string } {
  const [, host = authority, port = '53'] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(authority) ?? []
  return { host: host === 'localhost' ? '127.0.0.1' : host, port }
}

/** The same query by dig (BIND 9.18); undefined where dig cannot ask it. */
export function digCommand(sent: Message, options: TalkOptions, opening?: Opening): string | undefined {
  const [question] = sent.questions
  const said = edns(sent)
  const more = sent.questions.length > 1 || sent.answers.length > 0 || sent.authority.length > 0
  if (more || sent.qr || sent.additional.length > (said ? 1 : 0) || sent.rcode !== 0) return undefined
  // What dig has no word for: OPT of another owner, and the second of the flags, which it keeps for itself.
  if (said && (sent.additional[0]?.name !== '.' || (said.flags & 0x4000) !== 0)) return undefined
  const { host, port } = where(options)
  const words = ['dig', `@${host}`, '-p', port, '+norec', '+noad', '+ignore']
  if (sent.rd) words.splice(words.indexOf('+norec'), 1, '+rec')
  if (sent.ad) words.splice(words.indexOf('+noad'), 1, '+ad')
  for (const [flag, on] of [
    ['+cd', sent.cd],
    ['+aaflag', sent.aa],
    ['+tcflag', sent.tc],
    ['+raflag', sent.ra],
    ['+zflag', sent.z],
  ] as const) {
    if (on) words.push(flag)
  }
  if (sent.opcode !== 0) words.push(`+opcode=${sent.opcode}`)
  if (said === undefined) words.push('+noedns')
  else {
    words.push(`+edns=${said.version}`, '+nocookie', '+noednsneg', `+bufsize=${said.size}`)
    if (said.dnssecOk) words.push('+dnssec')
    if (said.flags !== 0) words.push(`+ednsflags=0x${said.flags.toString(16)}`)
    for (const { code, data } of said.options) {
      if (code === OPTION.NSID && data.length === 0) words.push('+nsid')
      else words.push(`+ednsopt=${code}${data.length > 0 ? `:${toHex(data)}` : ''}`)
    }
  }
  const { transport = 'udp' } = opening ?? {}
  if (transport !== 'udp') words.push(`+${transport}`)
  // It would ask for ANY over TCP.
  else if (question?.type === TYPE.ANY) words.push('+notcp')
  if (question === undefined) return [...words, '+header-only'].join(' ')
  if (question.class !== CLASS.IN) words.push('-c', classes.text(question.class))
  const type = question.type === TYPE.OPT ? 'TYPE41' : types.text(question.type)
  return [...words, '-t', type, '-q', quoted(question.name)].join(' ')
}

/** The same octets by tools that every system has. */
export function rawCommand(octets: Uint8Array, options: TalkOptions, opening?: Opening): string {
  const { host, port } = where(options)
  const stream = opening?.transport === 'tcp'
  const length = stream ? toHex(Uint8Array.of(octets.length >> 8, octets.length)) : ''
  return `echo ${length}${toHex(octets)} | xxd -r -p | nc ${stream ? '' : '-u '}-w1 ${host} ${port} | xxd`
}

/** A word of a shell, as it is. */
function quoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
