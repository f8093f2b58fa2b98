/**
 * What binds a client, by specification; the requirements on servers are in files of their own beside this one. A stub
 * resolver is meant, which is run for one question.
 */
export { rfc1034, rfc1035, rfc1123, rfc2181, rfc2308 } from './client-base.ts'
export { rfc3597, rfc4343, rfc5452, rfc6604, rfc6891, rfc7766, rfc7873, rfc8020, rfc9619 } from './client-later.ts'
