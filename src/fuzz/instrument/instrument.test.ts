import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COVERAGE, Coverage } from './coverage.ts'
import { instrument } from './instrument.ts'

/** Runs code as it is instrumented, with its own coverage. */
function load(code: string): { coverage: Coverage; run: (code: string) => unknown } {
  const coverage = new Coverage()
  const body = `${instrument(code, { file: 'a.js', type: 'commonjs' })}\nreturn more => eval(more)`
  const run = new Function('globalThis', body)({ [COVERAGE]: coverage }) as (code: string) => unknown
  return { coverage, run }
}

function lines({ coverage }: { coverage: Coverage }): number[] {
  const hit = [...coverage.counters.subarray(0, coverage.blocks).entries()].filter(([, hits]) => hits > 0)
  return hit.map(([block]) => coverage.locationOf(block)?.line ?? 0)
}

describe('blocks', () => {
  it('counts what was entered, and says where it stands', () => {
    const code = load(`function f(a) {
      if (a > 1) a--
      else
        a++
      for (let i = 0; i < a; i++)
        a = a || i
      switch (a) {
        case 1: break
        case 2:
        default: a = 0
      }
      try { a() } catch { a = b => b }
      return a
    }`)
    code.coverage.reset()
    expect(lines(code)).toEqual([])
    code.run('f(3)')
    expect(lines(code).sort((a, b) => a - b)).toEqual([1, 2, 6, 9, 10, 12])
    code.coverage.reset()
    code.run('f(0)')
    expect(lines(code)).toContain(4)
  })

  it('stops counting at 255', () => {
    const code = load('function f() { return 1 }')
    code.run('for (let i = 0; i < 1000; i++) f()')
    expect(code.coverage.counters[0]).toBe(255)
  })

  it.each([
    ['a directive stays first', `function f() { 'use strict'; return this === undefined }`, 'f()', true],
    ['a chain stays whole', 'function f(a) { return a?.b.includes(1).c }', 'f(undefined)', undefined],
    ['an arrow returns an object', 'var f = () => ({ a: 1 })', 'f().a', 1],
    ['an arrow returns a sequence', 'var f = a => (a++, a)', 'f(1)', 2],
    ['else if', 'function f(a) { if (a) return 1; else if (a === 0) return 2; else return 3 }', 'f(0)', 2],
    ['a label', 'function f() { a: for (;;) { for (;;) break a } return 1 }', 'f()', 1],
    [
      'a class',
      'class A { #a = 1; b = () => this.#a; c(x) { return #a in x } }; var f = new A()',
      'f.b() + +f.c(f)',
      2,
    ],
    ['do while', 'function f(a) { do a--; while (a > 0) return a }', 'f(3)', 0],
    ['async and generators', 'function* f() { const a = yield 1; if (a === (yield 2)) yield 3 }', '[...f()].length', 3],
    ['nested comparisons', 'function f(a, b) { return (a === b) === (b < 3 === true) }', 'f(1, 1)', true],
    ['sequences compared', 'function f(a, b) { return (a++, a) === (b, 2) }', 'f(1, 1)', true],
    ['templates', 'function f(a) { return `x$' + '{a === 1 ? "y" : `z$' + '{a}`}` }', 'f(2)', 'xz2'],
    ['switch on a sequence', 'function f(a) { switch ((a, a + 1)) { case 2: return 5 } }', 'f(1)', 5],
    ['defaults', 'function f(a = 1 === 1 ? 2 : 3, { b = a || 4 } = {}) { return a + b }', 'f()', 4],
    ['loose', 'function f(a) { return a == "1" && a != 2 }', 'f(1)', true],
  ])('%s', (_, code, call, value) => {
    const loaded = load(code)
    expect(loaded.run(call)).toBe(value)
    loaded.coverage.log.on = true
    expect(loaded.run(call)).toBe(value)
  })

  it('keeps lines', () => {
    const source = `#!/usr/bin/env node
'use strict'
function f(a) {
  if (a ===
      1) return 2
  throw new Error('x')
}
`
    const code = instrument(source, { file: 'a.js', type: 'commonjs' })
    expect(code.split('\n').length).toBe(source.split('\n').length)
    expect(code.split('\n')[5]).toBe("  throw new Error('x')")
  })

  it('throws at what is no code', () => {
    expect(() => instrument('function {', { file: 'a.js', type: 'module' })).toThrow(SyntaxError)
  })
})

describe('comparisons', () => {
  it('shows what is compared while it is on', () => {
    const { coverage, run } = load(`function f(a, text) {
      if (a === 7) return 1
      switch (a) { case 5: return 2; case 6: return 3 }
      return text.startsWith('MAGIC') || new Map([['k', 1]]).has(text)
    }`)
    run('f(1, "x")')
    expect(coverage.log.size).toBe(0)
    coverage.log.on = true
    run('f(6, "x")')
    run('f(1, "x")')
    const seen = coverage.log.entries().map(({ left, right }) => [left, right])
    expect(seen).toEqual([
      [6, 7],
      [6, 5],
      [6, 6],
      [1, 7],
      [1, 5],
      [1, 6],
      ['x', 'MAGIC'],
      ['x', 'k'],
    ])
    coverage.log.clear()
    expect(coverage.log.size).toBe(0)
  })

  it('logs what is looked for in a list', () => {
    const { run, coverage } = load('function f(name) { return ["GET", "PUT"].indexOf(name) }')
    coverage.log.on = true
    run('f("A")')
    expect(coverage.log.entries().map(({ left, right }) => [left, right])).toEqual([
      ['A', 'GET'],
      ['A', 'PUT'],
    ])
  })

  it('leaves names to the code that is watched', () => {
    const { run } = load('const Symbol = { for: () => "its own" }; function f() { return Symbol.for() }')
    expect(run('f()')).toBe('its own')
  })

  it('gives what the operator gives', () => {
    const operators = ['===', '!==', '==', '!=', '<', '<=', '>', '>=']
    const side = fc.oneof(
      fc.integer({ min: -2, max: 2 }),
      fc.constantFrom('', '0', '1', Number.NaN, undefined, null, 2n),
    )
    const code = load(operators.map((operator, i) => `function f${i}(a, b) { return a ${operator} b }`).join('\n'))
    code.coverage.log.on = true
    fc.assert(
      fc.property(side, side, fc.nat({ max: 7 }), (a, b, i) => {
        const plain = new Function('a', 'b', `return a ${operators[i]} b`) as (a: unknown, b: unknown) => boolean
        const watched = code.run(`f${i}`) as typeof plain
        code.coverage.log.clear()
        expect(watched(a, b)).toBe(plain(a, b))
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})
