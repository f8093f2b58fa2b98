import { TYPE } from '../mnemonics.ts'
import type { Name } from '../name.ts'
import { plainName, rdataType } from './field.ts'

/** RFC 6672 §2.1 */
export const DNAME = rdataType<{ readonly target: Name }>(TYPE.DNAME, { target: plainName })
