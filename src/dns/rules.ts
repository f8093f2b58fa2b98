import { rfc1034 } from './rules/rfc1034.ts'
import { rfc1035 } from './rules/rfc1035.ts'
import { rfc1995 } from './rules/rfc1995.ts'
import { rfc1996 } from './rules/rfc1996.ts'
import { rfc2136 } from './rules/rfc2136.ts'
import { rfc2181 } from './rules/rfc2181.ts'
import { rfc2308 } from './rules/rfc2308.ts'
import { rfc3225 } from './rules/rfc3225.ts'
import { rfc3597 } from './rules/rfc3597.ts'
import { rfc4035 } from './rules/rfc4035.ts'
import { rfc4343 } from './rules/rfc4343.ts'
import { rfc4592 } from './rules/rfc4592.ts'
import { rfc5001 } from './rules/rfc5001.ts'
import { rfc5936 } from './rules/rfc5936.ts'
import { rfc6604 } from './rules/rfc6604.ts'
import { rfc6672 } from './rules/rfc6672.ts'
import { rfc6891 } from './rules/rfc6891.ts'
import { rfc6895 } from './rules/rfc6895.ts'
import { rfc7766 } from './rules/rfc7766.ts'
import { rfc7828 } from './rules/rfc7828.ts'
import { rfc7830 } from './rules/rfc7830.ts'
import { rfc7858 } from './rules/rfc7858.ts'
import { rfc7873 } from './rules/rfc7873.ts'
import { rfc8020 } from './rules/rfc8020.ts'
import { rfc8482 } from './rules/rfc8482.ts'
import { rfc8484 } from './rules/rfc8484.ts'
import { rfc8906 } from './rules/rfc8906.ts'
import { rfc8914 } from './rules/rfc8914.ts'
import { rfc9619 } from './rules/rfc9619.ts'

export {
  rfc1034,
  rfc1035,
  rfc1995,
  rfc1996,
  rfc2136,
  rfc2181,
  rfc2308,
  rfc3225,
  rfc3597,
  rfc4035,
  rfc4343,
  rfc4592,
  rfc5001,
  rfc5936,
  rfc6604,
  rfc6672,
  rfc6891,
  rfc6895,
  rfc7766,
  rfc7828,
  rfc7830,
  rfc7858,
  rfc7873,
  rfc8020,
  rfc8482,
  rfc8484,
  rfc8906,
  rfc8914,
  rfc9619,
}
