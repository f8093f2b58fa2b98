import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { UsageError } from './options.ts'
import { readZone, zoneNamed } from './zone-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'wiregrade-zone-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const UNSAID = { name: undefined, say: '--origin NAME' }

const APEX = '$TTL 300\n@ IN SOA ns1 hostmaster 1 3600 600 86400 60\n  IN NS ns1\n'

describe('a zone file', () => {
  it('is known by its SOA record, wherever its names begin', () => {
    expect(readZone(file('origin', `$ORIGIN Example.ORG.\n${APEX}`), UNSAID).apex).toBe('example.org.')
    expect(readZone(file('none', APEX), { ...UNSAID, name: 'example.org.' }).apex).toBe('example.org.')
    expect(readZone(file('root', APEX.replace('@', '.')), UNSAID).apex).toBe('.')
  })

  it('has to say which zone it is', () => {
    const path = file('unsaid', APEX)
    expect(() => readZone(path, UNSAID)).toThrow(UsageError)
    expect(() => readZone(path, UNSAID)).toThrow(/unsaid does not say which zone it is: .*; --origin NAME does$/)
  })

  it('may include the files beside it', () => {
    file('hosts', 'www A 192.0.2.1\n')
    const zone = readZone(file('including', `$ORIGIN example.org.\n${APEX}$INCLUDE hosts\n`), UNSAID)
    expect([...zone.nodes.keys()]).toContain('www.example.org.')
  })

  it.each([
    ['line', `${APEX}www A 192.0.2\n`, /^\S+\/line:4: \S/],
    ['soa', '$TTL 300\nwww.example.org. A 192.0.2.1\n', /^\S+\/soa: .*SOA/],
    ['included', `${APEX}$INCLUDE nowhere\n`, /^\S+\/included:4: 'nowhere' cannot be included: /],
    ['above', `${APEX}$INCLUDE ../above\n`, /^\S+\/above:4: '\.\.\/above' leads out of the folder/],
    ['empty', '', /^\S+\/empty: .*SOA/],
  ])('that is none is told of with its place: %s', (name, text, message) => {
    const path = file(name, text)
    expect(() => readZone(path, UNSAID)).toThrow(UsageError)
    expect(() => readZone(path, UNSAID)).toThrow(message)
    expect(() => readZone(path, UNSAID)).not.toThrow(/\n/)
  })

  it('that cannot be read is told of', () => {
    expect(() => readZone(join(folder, 'nowhere'), UNSAID)).toThrow(/^the zone file cannot be read: ENOENT.*nowhere/)
    expect(() => readZone(folder, UNSAID)).toThrow(UsageError)
  })
})

describe('the name of a zone', () => {
  it.each([
    ['example.org', 'example.org.'],
    ['example.org.', 'example.org.'],
    ['.', '.'],
  ])('%s', (typed, name) => {
    expect(zoneNamed(typed, 'it')).toBe(name)
  })

  it('is refused where it is none', () => {
    expect(() => zoneNamed('a..b', 'serve: --origin')).toThrow("serve: --origin is no name: an empty label in 'a..b'")
    expect(() => zoneNamed('x'.repeat(64), 'it')).toThrow(UsageError)
  })
})
