import { expect, it } from 'vitest'
import type { CampaignEvent } from './folder.ts'
import { growthOf } from './growth.ts'
import type { Origin } from './lineage.ts'

const session = (began: number, ...told: [elapsed: number, blocks: number, corpus: number][]): CampaignEvent[] => [
  { at: began, event: 'begin' },
  ...told.map(([elapsed, blocks, corpus]) => ({ at: began + elapsed, event: 'status', elapsed, blocks, corpus })),
]

const origin = (at: number, blocks: number): Origin => ({ name: String(at), by: 'seed', at, blocks })

const points = (...of: Parameters<typeof growthOf>) => growthOf(...of).points.map(({ at, value }) => [at, value])

it('leaves out the time between sessions, and what a new one has not entered again', () => {
  const events = [...session(1000, [10, 5, 2], [20, 7, 3]), ...session(90_000, [10, 4, 3], [30, 9, 4])]
  expect(points(events, [], 'blocks')).toEqual([
    [0, 0],
    [10, 5],
    [20, 7],
    [30, 7],
    [50, 9],
  ])
  const found = [...events, { at: 90_015, event: 'find' }]
  expect(growthOf(found, [], 'blocks')).toMatchObject({ finds: [35], end: 50 })
})

it('knows by inputs what came between, and never more than is told next', () => {
  const events = session(1000, [100, 5, 3], [200, 6, 4])
  const origins = [origin(1010, 3), origin(1020, 1), origin(1030, 4), origin(1150, 1)]
  expect(points(events, origins, 'blocks')).toEqual([
    [0, 0],
    [10, 3],
    [20, 4],
    [30, 5],
    [100, 5],
    [150, 6],
    [200, 6],
  ])
  expect(points(events, origins, 'corpus')).toEqual([
    [0, 0],
    [10, 1],
    [20, 2],
    [30, 3],
    [100, 3],
    [150, 4],
    [200, 4],
  ])
})

it('tells nothing that nobody counts', () => {
  expect(points(session(0, [5, 0, 1]), [origin(1, 3)], 'blocks')).toEqual([
    [0, 0],
    [5, 0],
  ])
  expect(points([], [origin(1, 3)], 'corpus')).toEqual([[0, 0]])
})

it('has no more points than a picture shows', () => {
  const origins = Array.from({ length: 30_000 }, (_, at) => origin(at, 1))
  const growth = points(session(0, [30_000, 30_000, 30_000]), origins, 'blocks')
  expect(growth.length).toBeLessThan(1100)
  expect(growth.at(-1)).toEqual([30_000, 30_000])
})
