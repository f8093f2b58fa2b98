import { describe, expect, it } from 'vitest'
import { isInScope, packageOf } from './scope.ts'

describe('which files are watched', () => {
  it('the longest path that holds a file decides', () => {
    const scope = { include: ['/', '/project/lib/fuzz/decode.ts'], exclude: ['/project/lib/fuzz'] }
    expect(isInScope('/project/lib/dns.ts', scope)).toBe(true)
    expect(isInScope('/project/lib/fuzz/engine.ts', scope)).toBe(false)
    expect(isInScope('/project/lib/fuzz/decode.ts', scope)).toBe(true)
    expect(isInScope('/project/lib/fuzzy.ts?again=1', scope)).toBe(true)
  })

  it('a package is left out wherever it is installed, and what it is installed in is not', () => {
    const scope = { include: ['/'], packages: ['debug', '@a/b'] }
    expect(isInScope('/project/node_modules/debug/src/node.js', scope)).toBe(false)
    expect(isInScope('/project/node_modules/bl/node_modules/debug/index.js', scope)).toBe(false)
    expect(isInScope('/project/node_modules/@a/b/index.js', scope)).toBe(false)
    expect(isInScope('/project/node_modules/debug/node_modules/decoder/index.js', scope)).toBe(true)
    expect(isInScope('/project/node_modules/debugger/index.js', scope)).toBe(true)
    expect(isInScope('/project/debug/index.js', scope)).toBe(true)
  })

  it('names the innermost package of a path', () => {
    expect(packageOf('/a/node_modules/b/node_modules/@c/d/e.js')).toBe('@c/d')
    expect(packageOf('/a/b/c.js')).toBeUndefined()
  })
})
