import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import type { Report } from '../conformance/verdict.ts'
import { json, jsonCollection, REPORT_SCHEMA, reportsIn } from './json.ts'
import { hostileReport, perfectReport, sampleReport, sampleReports } from './report.fixture.ts'

const schema = JSON.parse(readFileSync(new URL('report.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema)

function valid(value: unknown): boolean {
  return validate(value)
}

/** The same value with every object's keys the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  )
}

/** Every way to take one member out of the value, as paths and results. */
function* without(value: unknown, path: string): Generator<[path: string, value: unknown]> {
  if (Array.isArray(value)) {
    for (const [i, element] of value.slice(0, 1).entries()) {
      for (const [where, less] of without(element, `${path}/${i}`)) yield [where, value.with(i, less)]
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      const { [key]: _, ...rest } = value as Record<string, unknown>
      yield [`${path}/${key}`, rest]
      for (const [where, less] of without(member, `${path}/${key}`)) yield [where, { ...value, [key]: less }]
    }
  }
}

describe('json', () => {
  it('keeps all that the report says, whatever strings a peer sent', () => {
    for (const report of sampleReports()) expect(JSON.parse(json(report))).toEqual(report)
  })

  it('follows the schema', () => {
    expect(schema.$id).toBe(REPORT_SCHEMA)
    for (const report of sampleReports()) {
      expect(valid(JSON.parse(json(report))), JSON.stringify(validate.errors)).toBe(true)
    }
    expect(valid(JSON.parse(jsonCollection(sampleReports()))), JSON.stringify(validate.errors)).toBe(true)
  })

  it('has a schema that misses every member that is taken out but the optional ones', () => {
    const report = hostileReport()
    const full: Report = {
      ...report,
      subject: { ...report.subject, security: 'TLSv1.3' },
      options: { ...report.options, only: '*' },
      rules: report.rules.filter(rule => rule.reason !== undefined),
      verdicts: report.verdicts.slice(0, 1).map(verdict => ({
        ...verdict,
        known: 'why',
        repeats: ['pass'] as const,
        commands: ['dig +norec'],
        capture: 'x.pcapng',
      })),
      stale: [{ id: 'x', why: 'gone' }],
    }
    expect(valid(full), JSON.stringify(validate.errors)).toBe(true)
    const tolerated = [...without(full, '')].filter(([, less]) => valid(less)).map(([path]) => path)
    expect(tolerated.sort()).toEqual([
      '/options/only',
      '/rules/0/reason',
      '/rules/0/roles/client',
      '/rules/0/roles/server',
      '/specifications/rfc7541',
      '/specifications/rfc9113',
      '/subject/security',
      '/verdicts/0/capture',
      '/verdicts/0/commands',
      '/verdicts/0/known',
      '/verdicts/0/repeats',
    ])
    expect(valid({ ...full, more: 1 })).toBe(false)
    expect(valid({ ...full, started: 'yesterday' })).toBe(false)
    expect(valid({ ...full, grade: { ...full.grade, letter: 'E' } })).toBe(false)
  })

  it('writes keys in one order', () => {
    const report = sampleReport()
    expect(json(reversed(report) as Report)).toBe(json(report))
  })

  it('writes one verdict a line and ends with a line end', () => {
    const report = hostileReport()
    const text = json(report)
    expect(text.endsWith('}\n')).toBe(true)
    expect(text.split('\n').filter(line => line.startsWith('    {"id"') && line.includes('"outcome"'))).toHaveLength(
      report.verdicts.length,
    )
  })

  it('writes several reports and reads them back', () => {
    const reports = sampleReports()
    expect(reportsIn(JSON.parse(jsonCollection(reports)))).toEqual(reports)
    expect(reportsIn(JSON.parse(json(perfectReport())))).toEqual([perfectReport()])
  })

  it('refuses a collection without reports, or with two subjects of one name', () => {
    expect(() => jsonCollection([])).toThrow('no report')
    expect(() => jsonCollection([sampleReport(), sampleReport()])).toThrow('same name')
  })
})
