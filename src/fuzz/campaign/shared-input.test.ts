import { expect, it } from 'vitest'
import { SharedInput } from './shared-input.ts'

it('knows what is tried and how many were, whoever is ended meanwhile', () => {
  const worker = new SharedInput()
  const watchdog = new SharedInput(worker.memory)
  for (const octet of [1, 2, 3]) {
    worker.begin(Uint8Array.of(octet, octet))
    if (octet < 3) worker.end()
  }
  expect(watchdog.beat % 2).toBe(1)
  expect(watchdog.input).toEqual(Uint8Array.of(3, 3))
  // It has told nothing of itself yet.
  expect(watchdog.figures).toMatchObject({ runs: 3, blocks: 0 })
})

it('tells apart what is done once more', () => {
  const shared = new SharedInput()
  shared.begin(Uint8Array.of(1))
  shared.end()
  shared.begin(Uint8Array.of(1), false)
  expect(shared.beat % 2).toBe(1)
  shared.tell({ blocks: 4, corpus: 1, finds: 0 })
  expect(shared.figures).toMatchObject({ runs: 1, blocks: 4, corpus: 1 })
})
