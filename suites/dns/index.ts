import type { Suite } from '../../src/conformance/case.ts'
import type { DnsTalk } from '../../src/dns/talk.ts'

const suites: readonly Suite<DnsTalk>[] = []

export default suites
