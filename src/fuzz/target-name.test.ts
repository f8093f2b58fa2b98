import { expect, it } from 'vitest'
import { pathNameOf } from './target-name.ts'

it.each([
  ['codec:dns/message', 'codec-dns-message'],
  ['module:./decode.cjs', 'module-decode.cjs'],
  ['module:./lib/./decode.cjs#decode', 'module-lib-decode.cjs-decode'],
  ['diff:codec:dns/message,module:./decode.cjs#x', 'diff-codec-dns-message-module-decode.cjs-x'],
  ['module:../decode.cjs', 'module-..-decode.cjs'],
])('what belongs to %s is called %s', (target, name) => {
  expect(pathNameOf(target)).toBe(name)
})
