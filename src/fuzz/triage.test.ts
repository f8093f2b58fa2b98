import { describe, expect, it } from 'vitest'
import { framesOf, loudly, quietly, thrownFind, titleOf, withoutParticulars } from './triage.ts'

describe('frames', () => {
  it('have paths from the root or the package, and none of Node', () => {
    const stack = [
      'TypeError: x',
      '    at read (/home/a/project/src/decode.ts:12:5)',
      '    at Parser.parse [as decode] (/home/a/project/node_modules/some-parser/lib/index.js:1:2)',
      '    at new Thing (file:///home/a/project/thing.mjs?x=1:7:3)',
      '    at /home/a/project/other.js:9:1',
      '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
    ].join('\n')
    expect(framesOf(stack, '/home/a/project')).toEqual([
      { name: 'read', file: 'src/decode.ts', line: 12 },
      { name: 'Parser.parse', file: 'some-parser/lib/index.js', line: 1 },
      { name: 'Thing', file: 'thing.mjs', line: 7 },
      { name: '<anonymous>', file: 'other.js', line: 9 },
    ])
  })
})

describe('signatures', () => {
  it('leave out what differs from input to input', () => {
    expect(withoutParticulars('no option 0xdead at 12 in "abc"')).toBe('no option # at # in "…"')
    expect(withoutParticulars("reading 'name'")).toBe("reading 'name'")
  })

  it('are the same wherever a stack overflows', () => {
    const even = (n: number): number => odd(n + 1) + 1
    const odd = (n: number): number => even(n + 1) + 1
    const signature = (does: () => void) => thrownFind('crash', loudly(does, undefined)).signature
    const under = (depth: number): void => (depth === 0 ? void even(0) : under(depth - 1))
    expect(signature(() => void even(0))).toBe(signature(() => void odd(0)))
    expect(signature(() => under(3))).toMatch(/^crash \| RangeError: Maximum call stack size exceeded \| even .*odd /)
  })

  it('are made of whatever is thrown', () => {
    const hostile = {
      toString() {
        throw new Error('not even this')
      },
    }
    expect(titleOf(hostile)).toBe('threw what cannot be shown')
    expect(thrownFind('crash', undefined).title).toBe('threw undefined')
    expect(thrownFind('crash', new Error('a\nb'.repeat(200))).title.length).toBeLessThanOrEqual(160)
  })
})

it('throws quietly without a stack, and leaves the limit as it was', () => {
  const limit = Error.stackTraceLimit
  const thrown = quietly(() => {
    throw new Error('x')
  })?.thrown as Error
  expect(thrown.stack).toBe('Error: x')
  expect(Error.stackTraceLimit).toBe(limit)
  expect(quietly(() => {})).toBeUndefined()
})
