import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hpackCodecs } from './hpack/codecs.ts'
import { http2Codecs } from './http2/codecs.ts'
import { parseVectors } from './vector-file.ts'
import { loadVectors, runVectors, vectorsFolder } from './vectors.ts'

const files = loadVectors()
const codecs = { ...hpackCodecs, ...http2Codecs }
const ours = (codec: string) => /^(hpack|http2)\//.test(codec)
const results = runVectors(files, codecs).filter(({ codec }) => ours(codec))

describe('vectors', () => {
  it.each(results.map(result => [`${result.file} ${result.vector.id}: ${result.vector.comment}`, result] as const))(
    '%s',
    (_title, result) => {
      expect(result.problem).toBeUndefined()
    },
  )

  it('have every example of RFC 7541 Appendix C', () => {
    const sections = results.filter(({ vector }) => /^c-\d/.test(vector.id)).map(({ vector }) => vector.section)
    const count = (prefix: string) => new Set(sections.filter(section => section.startsWith(prefix))).size
    expect(['C.1', 'C.2', 'C.3', 'C.4', 'C.5', 'C.6'].map(count)).toEqual([3, 4, 3, 3, 3, 3])
  })

  it('have values and errors for each codec of HPACK and HTTP/2', () => {
    const tested = new Set(results.map(({ codec }) => codec))
    const prefixesLikeOthers = [2, 3, 4, 6, 7].map(bits => `hpack/integer-${bits}`)
    const untested = Object.keys(codecs).filter(name => !tested.has(name) && !prefixesLikeOthers.includes(name))
    expect(untested).toEqual([])
  })

  it('can fail: by another value, state or error, other octets, or a codec that is not there', () => {
    const file = (vector: object) =>
      parseVectors(
        'test.json',
        JSON.stringify({
          about: '',
          sources: [{ title: '', url: '' }],
          flags: {},
          groups: [{ codec: 'hpack/fields', about: '', vectors: [{ id: 'x', comment: '', section: '', ...vector }] }],
        }),
      )
    const problem = (vector: object, known = codecs) =>
      runVectors(new Map([['test.json', file(vector)]]), known)[0]?.problem
    const get = { name: ':method', value: 'GET' }
    expect(problem({ octets: '82', value: [get] })).toBeUndefined()
    expect(problem({ octets: '82', value: [{ ...get, value: 'PUT' }] })).toMatch('read [{')
    expect(problem({ octets: '82', error: { code: 'malformed' } })).toMatch('malformed expected, read')
    expect(problem({ octets: '80', error: { code: 'truncated' } })).toMatch('truncated expected: malformed')
    expect(problem({ octets: '80', value: [] })).toMatch('malformed at octet 0')
    expect(problem({ octets: '82', value: [get], state: { entries: [], size: 1 } })).toMatch('remembers')
    // Two octets where our encoder uses one: fine only for who says that there are other encodings.
    const long = { octets: '0203474554', value: [get] }
    expect(problem(long)).toMatch('wrote 82')
    expect(problem({ ...long, oneWay: true })).toBeUndefined()
    expect(problem({ octets: '82', value: [get] }, {})).toBe('no codec hpack/fields')
  })
})

describe('parseVectors', () => {
  const vector = { id: 'x', comment: '', section: '1', octets: '00', value: 0 }
  const group = { codec: 'c', about: '', vectors: [vector] }
  const good = { about: '', sources: [{ title: '', url: '' }], flags: {}, groups: [group] }

  it('takes what the schema has', () => {
    expect(parseVectors('f', JSON.stringify(good))).toEqual(good)
  })

  it.each([
    ['{', 'f: '],
    [[], 'f is no object'],
    [{ ...good, groups: undefined }, 'f has no groups'],
    [{ ...good, groups: [] }, 'f.groups is empty'],
    [{ ...good, more: 1 }, 'f has an unknown property more'],
    [{ ...good, groups: [{ ...group, session: 1 }] }, 'f.groups[0].session is no boolean'],
    [{ ...good, groups: [{ ...group, vectors: [{ ...vector, octets: '0' }] }] }, 'f.groups[0].vectors[0].octets does'],
    [
      { ...good, groups: [{ ...group, vectors: [{ ...vector, value: undefined }] }] },
      'wants either a value or an error',
    ],
    [{ ...good, groups: [{ ...group, vectors: [{ ...vector, error: { code: 'malformed' } }] }] }, 'wants either'],
    [{ ...good, groups: [{ ...group, vectors: [vector, vector] }] }, 'f: two vectors with the id x'],
    [{ ...good, groups: [{ ...group, vectors: [{ ...vector, flags: ['F'] }] }] }, 'f: x: no note on the flag F'],
    [{ ...good, flags: { F: { note: '' } } }, 'f: no vector has the flag F'],
  ])('refuses %j', (given, message) => {
    const text = typeof given === 'string' ? given : JSON.stringify(given)
    expect(() => parseVectors('f', text)).toThrow(message)
  })

  it('knows the same properties as the schema', () => {
    interface Schema {
      readonly required: readonly string[]
      readonly properties: object
    }
    const schema = JSON.parse(readFileSync(join(vectorsFolder(), 'schema.json'), 'utf8')) as Schema & {
      $defs: { group: Schema; vector: Schema }
    }
    const refusal = (text: object) => {
      try {
        parseVectors('f', JSON.stringify(text))
        return ''
      } catch (error) {
        return String(error)
      }
    }
    const levels: readonly [Schema, object, (part: object) => object][] = [
      [schema, good, part => part],
      [schema.$defs.group, group, part => ({ ...good, groups: [part] })],
      [schema.$defs.vector, vector, part => ({ ...good, groups: [{ ...group, vectors: [part] }] })],
    ]
    for (const [level, sample, whole] of levels) {
      for (const name of level.required)
        expect(refusal(whole({ ...sample, [name]: undefined })), name).toContain(`has no ${name}`)
      for (const name of Object.keys(level.properties))
        expect(refusal(whole({ ...sample, [name]: 'x' })), name).not.toContain('unknown')
    }
  })
})
