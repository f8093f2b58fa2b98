import type { Edns } from './edns.ts'
import { optRecord } from './edns.ts'
import type { Message, Question, ResourceRecord } from './message.ts'
import { CLASS, OPCODE, TYPE } from './mnemonics.ts'
import type { Name } from './name.ts'

/** A message with nothing in it. */
export const EMPTY: Message = {
  id: 0,
  qr: false,
  opcode: OPCODE.QUERY,
  aa: false,
  tc: false,
  rd: false,
  ra: false,
  z: false,
  ad: false,
  cd: false,
  rcode: 0,
  questions: [],
  answers: [],
  authority: [],
  additional: [],
}

/** A query of one question, with OPT where `edns` is given. */
export function queryFor(
  question: { readonly name: Name; readonly type: number; readonly class?: number },
  more: Partial<Omit<Message, 'questions'>> & { readonly edns?: Partial<Edns> | undefined } = {},
): Message {
  const { edns, ...header } = more
  const whole: Question = { class: CLASS.IN, ...question }
  const additional: readonly ResourceRecord[] = [...(header.additional ?? []), ...(edns ? [optRecord(edns)] : [])]
  return { ...EMPTY, ...header, questions: [whole], additional }
}

/** The OPT record of a message, and the others of its additional section. */
export function splitOpt({ additional }: Pick<Message, 'additional'>): {
  readonly opts: readonly ResourceRecord[]
  readonly others: readonly ResourceRecord[]
} {
  return {
    opts: additional.filter(({ type }) => type === TYPE.OPT),
    others: additional.filter(({ type }) => type !== TYPE.OPT),
  }
}
