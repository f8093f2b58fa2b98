import { expect, it } from 'vitest'
import { refusal } from './queue-worker.ts'

const refused = (target: string, settings?: Record<string, string>) => refusal({ target, allow: [], settings })

it('takes what is in the catalogue or below its own folder', () => {
  for (const target of [
    'codec:dns/message',
    'module:src/decode.ts#decode',
    'property:./some.ts#all',
    'server:nsd',
    'diff:codec:dns/message,module:src/decode.ts#decode',
  ])
    expect(refused(target)).toBeUndefined()
})

it.each([
  ['module:../decode.cjs#decode', '../decode.cjs'],
  ['module:/etc/decode.cjs', '/etc/decode.cjs'],
  ['module:a/../../decode.cjs#decode', 'a/../../decode.cjs'],
  // The last # is where the export begins, and what is in front of it is the file.
  ['module:a#/../../decode.cjs#decode', 'a#/../../decode.cjs'],
  ['property:a#/../../some.ts#all', 'a#/../../some.ts'],
  ['diff:codec:dns/message,module:../decode.cjs#decode', '../decode.cjs'],
])('does not run %s', (target, file) => {
  expect(refused(target)).toBe(`${file} is outside of the worker's folder`)
})

it.each([
  ['server:nsd', { program: '/usr/sbin/nsd' }, '/usr/sbin/nsd'],
  ['diff:codec:dns/message,codec:dns/name', { known: '../known.json' }, '../known.json'],
])('does not take for %s what it is told of %j', (target, settings, file) => {
  expect(refused(target, settings)).toBe(`${file} is outside of the worker's folder`)
})

it('takes no address, and nothing unknown', () => {
  for (const target of ['url:dns://127.0.0.1', 'diff:server:nsd,url:dns://127.0.0.1'])
    expect(refused(target)).toBe('url: is in one place, and not for many machines')
  expect(refused('codec:nothing-of-that-name')).toMatch(/no target 'codec:nothing-of-that-name'/)
})
