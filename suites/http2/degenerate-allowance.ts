/** Cases that some peers may pass although nobody should praise them, and why that is right. */
export interface Allowance {
  readonly because: string
  readonly peers: readonly string[]
  readonly cases: readonly string[]
}

// Why a case may be passed by somebody that nobody should praise: each reason holds for several of them.
export const wellFormed = 'what it sends is well formed, and a rule about what is sent asks for no more'
export const handshake = 'it begins as it has to, acknowledges SETTINGS and answers PING'
export const flood = 'a flood may be cut off or borne, and it does one of them'
export const bears = 'the rule asks it to bear something, and it bears everything'
export const answers = 'the rule asks it to take a request, and it takes whatever comes'
export const takes = 'a client shows what it makes of a good response by going on or by its exit status, and it does'
export const givesUp = 'the rule asks it to leave something alone, and it does nothing more'
export const refuses = 'the rule asks it to refuse a response, and it resets every stream'
export const aside = 'the rule asks for something else than this part of the report'
export const status = 'a status is an answer of its own'
