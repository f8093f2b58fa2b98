import { describe, expect, it } from 'vitest'
import { isInScope } from '../../fuzz/instrument/scope.ts'
import { scopeOf } from './scope.ts'

describe('the code that is watched of a target', () => {
  const logs = '/project/node_modules/debug/src/common.js'

  it("takes in all that somebody's module brings, but for what only logs or stands for a module of Node's", () => {
    const scope = scopeOf('module:/project/decode.cjs#decode')
    expect(isInScope('/project/decode.cjs', scope)).toBe(true)
    expect(isInScope('/project/node_modules/bl/BufferList.js', scope)).toBe(true)
    expect(isInScope('/project/node_modules/bl/node_modules/readable-stream/readable.js', scope)).toBe(false)
    expect(isInScope(logs, scope)).toBe(false)
  })

  it('leaves nothing out that is itself the target', () => {
    expect(isInScope(logs, scopeOf('module:debug#coerce'))).toBe(true)
    expect(isInScope(logs, scopeOf(`module:${logs}#coerce`))).toBe(true)
  })
})
