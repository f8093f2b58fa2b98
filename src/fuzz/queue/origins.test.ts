import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { addOrigin, type Origin, readLineage } from '../campaign/lineage.ts'
import { OriginCarrier } from './origins.ts'
import type { Item, Shelf } from './shelf.ts'

const root = mkdtempSync(join(tmpdir(), 'wiregrade-origins-test-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Items as Redis keeps them, seen by somebody who follows at their own pace. */
function shelfOn(items: Item[]): Shelf {
  let position = 0
  const shelf: Pick<Shelf, 'put' | 'follow' | 'restart'> = {
    async put(more) {
      const fresh = more.filter(([name]) => !items.some(([there]) => there === name))
      items.push(...fresh)
      return fresh.length
    },
    async follow() {
      const found = items.slice(position)
      position = items.length
      return found
    },
    restart() {
      position = 0
    },
  }
  return shelf as Shelf
}

const origin = (name: string, parent?: string): Origin => ({ name, parent, by: 'havoc', at: 1, blocks: 2 })

it('carries both ways, each once, and again when the other side has lost all', async () => {
  const items: Item[] = []
  const [one, other] = [mkdtempSync(join(root, 'c-')), mkdtempSync(join(root, 'c-'))]
  const [a, b] = [new OriginCarrier(shelfOn(items), one), new OriginCarrier(shelfOn(items), other)]
  addOrigin(one, origin('a'))
  addOrigin(other, origin('b', 'a'))
  for (const carrier of [a, b, a, b]) await carrier.carry()
  expect(readLineage(one)).toEqual([origin('a'), origin('b', 'a')])
  expect(readLineage(other)).toEqual([origin('b', 'a'), origin('a')])
  items.length = 0
  a.restart()
  b.restart()
  for (const carrier of [a, b, a]) await carrier.carry()
  expect(items.map(([name]) => name)).toEqual(['a', 'b'])
  expect(readFileSync(join(one, 'lineage.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2)
})

it('takes nothing that is no origin, or that of another', async () => {
  const folder = mkdtempSync(join(root, 'c-'))
  const items: Item[] = ['{"name":"x"', '{"name":"y","by":"seed"}', '1', 'null'].map(text => ['x', Buffer.from(text)])
  await new OriginCarrier(shelfOn(items), folder).carry()
  expect(readLineage(folder)).toEqual([])
})
