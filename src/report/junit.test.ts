import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { Report } from '../conformance/verdict.ts'
import { junit } from './junit.ts'
import { hostileReport, perfectReport, sampleReport, sampleReports } from './report.fixture.ts'

/** Reads a document with Python's parser (expat) and prints it as nested arrays; what it refuses ends it. */
const READER = `
import json, sys, xml.etree.ElementTree as tree
def element(e): return [e.tag, e.attrib, e.text or '', [element(c) for c in e]]
json.dump(element(tree.fromstring(sys.stdin.buffer.read())), sys.stdout)
`

type Element = [tag: string, attributes: Record<string, string>, text: string, children: Element[]]

const python = spawnSync('python3', ['-c', 'import xml.etree.ElementTree'])
const noPython = python.status !== 0
if (noPython) console.warn('junit.test.ts: skipped where it needs an XML parser: python3 is not installed')

function parsed(xml: string): Element {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', READER], { input: xml, maxBuffer: 1 << 26 })
  expect(status, stderr.toString()).toBe(0)
  return JSON.parse(stdout.toString()) as Element
}

function cases(report: Report): Element[] {
  const [, , , [suite]] = parsed(junit([report]))
  return (suite?.[3] ?? []).filter(([tag]) => tag === 'testcase')
}

describe('junit', () => {
  it('has only characters that XML 1.0 allows', () => {
    const xml = junit(sampleReports())
    expect(xml).toContain('\\u{0}')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u)
    expect(xml).not.toContain(']]>')
    expect(xml).not.toContain('<script')
  })

  it.skipIf(noPython)('is read by an XML parser, and counts itself rightly', () => {
    const reports = sampleReports()
    const [tag, attributes, , suites] = parsed(junit(reports))
    expect(tag).toBe('testsuites')
    expect(suites.map(suite => suite[1]['name'])).toHaveLength(reports.length)
    let [tests, failures, errors] = [0, 0, 0]
    for (const [, counts, , children] of suites) {
      const found = children.filter(child => child[0] === 'testcase')
      const having = (name: string): number => found.filter(c => c[3].some(child => child[0] === name)).length
      expect(Number(counts['tests'])).toBe(found.length)
      expect(Number(counts['failures'])).toBe(having('failure'))
      expect(Number(counts['errors'])).toBe(having('error'))
      expect(Number(counts['skipped'])).toBe(having('skipped'))
      tests += found.length
      failures += having('failure')
      errors += having('error')
    }
    expect(attributes).toMatchObject({ tests: `${tests}`, failures: `${failures}`, errors: `${errors}` })
  })

  it.skipIf(noPython)('has no attribute or element that Jenkins would not know', () => {
    const known: Record<string, string[]> = {
      testsuites: ['name', 'time', 'tests', 'failures', 'disabled', 'errors'],
      testsuite: 'name tests failures errors time disabled skipped timestamp hostname id package'.split(' '),
      properties: [],
      property: ['name', 'value'],
      testcase: ['name', 'assertions', 'time', 'classname', 'status'],
      skipped: ['type', 'message'],
      failure: ['type', 'message'],
      error: ['type', 'message'],
      'system-out': [],
    }
    const visit = ([tag, attributes, , children]: Element): void => {
      expect(Object.keys(known)).toContain(tag)
      for (const name of Object.keys(attributes)) expect(known[tag], tag).toContain(name)
      for (const name of ['time', 'tests', 'failures']) {
        if (attributes[name] !== undefined) expect(attributes[name]).toMatch(/^\d+(\.\d{3})?$/)
      }
      children.forEach(visit)
    }
    visit(parsed(junit(sampleReports())))
  })

  it.skipIf(noPython)('says failure, error and skipped as they are meant', () => {
    const standing = (report: Report): Record<string, string> =>
      Object.fromEntries(
        cases(report).map(([, { name = '' }, , children]) => [
          name.split('/')[2],
          children.map(child => child[0]).find(tag => tag !== 'system-out') ?? 'passed',
        ]),
      )
    expect(standing(sampleReport())).toMatchObject({
      'ignore-unknown-types': 'passed',
      'half-closed-data': 'failure',
      'goaway-before-close': 'passed',
      'rst-idle': 'failure',
      'content-length': 'skipped',
      'concurrent-streams': 'skipped',
      'cipher-blocklist': 'skipped',
      'rapid-reset': 'skipped',
    })
    expect(standing(hostileReport())).toMatchObject({
      'invalid-preface': 'failure',
      'ignore-unknown-types': 'failure',
      'frame-size-limit': 'error',
      'goaway-last-stream': 'failure',
      'ping-answered': 'skipped',
    })
    expect(new Set(Object.values(standing(perfectReport())))).toEqual(new Set(['passed']))
  })

  it.skipIf(noPython)('tells the evidence', () => {
    const found = cases(sampleReport()).find(([, { name }]) => name?.includes('/rst-idle/'))
    expect(found?.[1]).toEqual({
      classname: 'http2.server.6.4',
      name: 'rfc9113/6.4/rst-idle/rst-stream-comes-on-an-idle-stream',
      time: '0.007',
    })
    const [failure, output] = found?.[3] ?? []
    expect(failure?.[1]['type']).toBe('MUST fail')
    expect(failure?.[2]).toContain('expected: a connection error of type PROTOCOL_ERROR')
    expect(output?.[2]).toContain('     1.02 ms  ->  9 octets\n    SETTINGS ACK\n    000000040100000000')
  })
})
