import type { ResourceRecord } from '../message.ts'
import type { Name } from '../name.ts'

/** What became of a question. */
export type Resolution =
  | {
      readonly kind: 'answer'
      /** The name at the end of all aliases: the owner of the records. */
      readonly name: Name
      readonly records: readonly ResourceRecord[]
      /** CNAME and DNAME records on the way, in order. */
      readonly aliases: readonly ResourceRecord[]
      /** Seconds for which all of this holds: the lowest TTL. */
      readonly ttl: number
    }
  /** There is no such name, or it has nothing of the type. RFC 2308 §2 */
  | {
      readonly kind: 'negative'
      readonly why: 'NXDOMAIN' | 'NODATA'
      readonly name: Name
      readonly aliases: readonly ResourceRecord[]
      /** Seconds for which it may be kept; 0 where the answer had no SOA. RFC 2308 §5 */
      readonly ttl: number
    }
  | { readonly kind: 'failure'; readonly why: FailureReason }

/** Why a question was given up: nobody answered, or the last one to do so failed like this. */
export type FailureReason =
  | 'TIMEOUT'
  | 'CONNREFUSED'
  | 'BADRESP'
  | 'TRUNCATED'
  | 'LAME'
  | 'LOOP'
  | 'LIMIT'
  | 'FORMERR'
  | 'SERVFAIL'
  | 'NOTIMP'
  | 'REFUSED'
  | 'ERROR'
