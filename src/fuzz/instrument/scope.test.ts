import { describe, expect, it } from 'vitest'
import { isInScope, packageOf } from './scope.ts'

describe('which files are watched', () => {
  it('the longest path that holds a file decides', () => {
    const scope = { include: ['/', '/work/lib/fuzz/decode.ts'], exclude: ['/work/lib/fuzz'] }
    expect(isInScope('/work/lib/dns.ts', scope)).toBe(true)
    expect(isInScope('/work/lib/fuzz/engine.ts', scope)).toBe(false)
    expect(isInScope('/work/lib/fuzz/decode.ts', scope)).toBe(true)
    expect(isInScope('/work/lib/fuzzy.ts?again=1', scope)).toBe(true)
  })

  it('a package is left out wherever it is installed, and what it is installed in is not', () => {
    const scope = { include: ['/'], packages: ['debug', '@a/b'] }
    expect(isInScope('/work/node_modules/debug/src/node.js', scope)).toBe(false)
    expect(isInScope('/work/node_modules/bl/node_modules/debug/index.js', scope)).toBe(false)
    expect(isInScope('/work/node_modules/@a/b/index.js', scope)).toBe(false)
    expect(isInScope('/work/node_modules/debug/node_modules/decoder/index.js', scope)).toBe(true)
    expect(isInScope('/work/node_modules/debugger/index.js', scope)).toBe(true)
    expect(isInScope('/work/debug/index.js', scope)).toBe(true)
  })

  it('names the innermost package of a path', () => {
    expect(packageOf('/a/node_modules/b/node_modules/@c/d/e.js')).toBe('@c/d')
    expect(packageOf('/a/b/c.js')).toBeUndefined()
  })
})
