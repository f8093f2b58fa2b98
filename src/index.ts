/**
 * wiregrade as a library: grade a server or a client from a test of your own, use its codecs and machines, or write a
 * protocol and suites for it.
 *
 * ```ts
 * import { gradeServer } from 'wiregrade'
 *
 * test('our server speaks HTTP/2', async () => {
 *   const report = await gradeServer({ url: 'h2c://127.0.0.1:8080' })
 *   expect(report.grade.good, report.grade.because).toBe(true)
 * })
 * ```
 *
 * @module
 */

export { codecs, peers, protocols, suites } from './catalog.ts'
export type { ClientToGrade, GradeOptions, ServerToGrade } from './cli/grading.ts'
export { gradeClient, gradePeer, gradeServer } from './cli/grading.ts'
export type * from './conformance/case.ts'
export { caseId, suite } from './conformance/case.ts'
export type * from './conformance/channel.ts'
export { coverage } from './conformance/coverage.ts'
export { fallsShort, grade, totals } from './conformance/grade.ts'
export type { Known } from './conformance/known.ts'
export { parseKnown } from './conformance/known.ts'
export type { Health, Peer } from './conformance/peer.ts'
export { Refused, Unreachable } from './conformance/peer.ts'
export type { InMemory, Proof } from './conformance/prove.ts'
export { prove } from './conformance/prove.ts'
export type { Honours, Level, Role, Rule, RuleEntry } from './conformance/rule.ts'
export { honoursAll, ignoring, rulebook } from './conformance/rule.ts'
export type * from './conformance/verdict.ts'
export { MasterFileError, parseMasterFile } from './dns/master-file.ts'
export { Resolver } from './dns/resolver.ts'
export { dnsServer } from './dns/subject.ts'
export { ZoneError, zoneOf } from './dns/zone.ts'
export { memoryPeer } from './io/memory.ts'
export { createResolver } from './io/resolver.ts'
export type { Endpoint, FlowEndpoint, Machine, Transport } from './machine.ts'
export { html } from './report/html.ts'
export { json, jsonCollection, reportsIn } from './report/json.ts'
export { junit } from './report/junit.ts'
export { markdown } from './report/markdown.ts'
export { pcapng } from './report/pcapng.ts'
export type { SchemeName } from './schemes.ts'
export type { CatalogueCodec, StatefulCodec } from './wire/catalogued.ts'
export { codecOf } from './wire/catalogued.ts'
export type { Codec } from './wire/codec.ts'
export * from './wire/combinators.ts'
export type { Dissection, Row } from './wire/dissect.ts'
export { dissect } from './wire/dissect.ts'
export type { WireErrorCode } from './wire/errors.ts'
export { WireError } from './wire/errors.ts'
export { hex, toHex } from './wire/hex.ts'
export * from './wire/integers.ts'
export { Reader } from './wire/reader.ts'
export * from './wire/whole.ts'
export { Writer } from './wire/writer.ts'
