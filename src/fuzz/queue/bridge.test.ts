import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { QueueLab, withoutRedis } from '../../cli/fuzz/queue.fixture.ts'
import { connectRedis, type RedisConnection } from '../../io/redis.ts'
import { type ModuleCoverage, mergeCoverage, readCoverage, versionOf } from '../campaign/coverage-file.ts'
import { beforeFind, CampaignFolder, hashOf, type KeptFind, scriptOf } from '../campaign/folder.ts'
import { addOrigin } from '../campaign/lineage.ts'
import { putStates, readStates, StateCounts, saveStates } from '../campaign/state-graph.ts'
import { Bridge } from './bridge.ts'
import { campaignKey, nameOf } from './keys.ts'
import { signIn } from './roster.ts'

const FIND = { kind: 'crash', title: 'TypeError: no', signature: 'crash | no', stack: 'TypeError: no\n at x' } as const

const why = withoutRedis()

describe.skipIf(why !== undefined)(`a folder and Redis in step${why === undefined ? '' : ` (${why})`}`, () => {
  let lab: QueueLab
  let connection: RedisConnection
  const bridges: Bridge[] = []
  let count = 0

  beforeAll(async () => {
    lab = await QueueLab.open()
    connection = await connectRedis(lab.url)
  })
  afterEach(async () => {
    for (const bridge of bridges.splice(0)) bridge.leave()
    await connection.redis.flushall()
  })
  afterAll(async () => {
    connection?.close()
    await lab?.close()
  })

  function machine(options: { onFind?: (find: KeptFind) => void; say?: (line: string) => void } = {}) {
    const path = join(lab.folder, `campaign-${count++}`)
    const folder = CampaignFolder.open(path, { target: 'codec:x', allow: [], version: '1' }, 0)
    const bridge = new Bridge({ redis: connection.redis, folder: path, name: `machine-${count}`, ...options })
    bridges.push(bridge)
    return { path, folder, bridge, inputs: () => readdirSync(join(path, 'corpus')).sort() }
  }

  it('carries inputs both ways, each once', async () => {
    const [a, b] = [machine(), machine()]
    for (let i = 0; i < 1000; i++) a.folder.addInput(Uint8Array.of(i, i >> 8))
    for (let i = 500; i < 1500; i++) b.folder.addInput(Uint8Array.of(i, i >> 8))
    await a.bridge.carry()
    await b.bridge.carry()
    await a.bridge.carry()
    expect(a.inputs()).toHaveLength(1500)
    expect(b.inputs()).toEqual(a.inputs())
    const key = campaignKey(nameOf(a.folder.file))
    expect(await connection.redis.hlen(`${key}:inputs`)).toBe(1500)
    expect(await connection.redis.llen(`${key}:inputs:order`)).toBe(1500)
  })

  it('takes nothing whose name is not that of its octets', async () => {
    const a = machine()
    const key = `${campaignKey(nameOf(a.folder.file))}:inputs`
    await connection.redis.hset(key, '../../escaped', 'x', hashOf('y'), 'z')
    await connection.redis.rpush(`${key}:order`, '../../escaped', hashOf('y'))
    await a.bridge.carry()
    expect(a.inputs()).toEqual([])
  })

  it('keeps campaigns on other targets apart', async () => {
    const a = machine()
    const path = join(lab.folder, 'another')
    const folder = CampaignFolder.open(path, { target: 'codec:y', allow: [], version: '1' }, 0)
    folder.addInput(Uint8Array.of(7))
    const other = new Bridge({ redis: connection.redis, folder: path, name: 'other' })
    bridges.push(other)
    await other.carry()
    await a.bridge.carry()
    expect(a.inputs()).toEqual([])
  })

  it('carries finds, and what somebody has come to who looked at them', async () => {
    const told: string[] = []
    const [a, b] = [machine(), machine({ onFind: ({ title, replay }) => told.push(`${title} ${replay?.again}`) })]
    const kept = a.folder.addFind(FIND, Uint8Array.of(1, 2, 3), 0)
    await a.bridge.carry()
    await b.bridge.carry()
    expect(b.folder.finds()).toMatchObject([{ ...FIND, found: kept?.found, input: Uint8Array.of(1, 2, 3) }])
    await b.bridge.putReplay(kept?.id ?? '', { replay: { again: 2, times: 3 }, minimal: Uint8Array.of(1) })
    await a.bridge.carry()
    await b.bridge.carry()
    for (const { folder } of [a, b]) {
      expect(folder.finds()).toMatchObject([{ replay: { again: 2, times: 3 }, minimal: Uint8Array.of(1) }])
    }
    expect(told).toEqual(['TypeError: no undefined', 'TypeError: no 2'])
  })

  it('carries the sessions before a find, and the program that does it again', async () => {
    const [a, b] = [machine(), machine()]
    const before = [Uint8Array.of(7), Uint8Array.of(8), Uint8Array.of(1, 2)]
    const kept = a.folder.addFind(FIND, Uint8Array.of(1, 2), 0, before)
    await a.bridge.carry()
    await b.bridge.carry()
    const [there] = b.folder.finds()
    expect(beforeFind(there as KeptFind)).toEqual(before)
    const examined = { replay: { again: 3, times: 3, sessions: 2 }, minimal: Uint8Array.of(2), script: 'connect()\n' }
    await b.bridge.putReplay(kept?.id ?? '', examined)
    const late = machine()
    for (const { bridge } of [a, b, late]) await bridge.carry()
    for (const { folder } of [a, b, late]) {
      const [find] = folder.finds()
      expect(find).toMatchObject({ replay: examined.replay, minimal: examined.minimal })
      expect(scriptOf(find as KeptFind)).toBe(examined.script)
    }
    // Redis comes back empty, and somebody new has it from the folders.
    await connection.redis.flushall()
    await a.bridge.carry()
    const last = machine()
    await last.bridge.carry()
    const [find] = last.folder.finds() as [KeptFind]
    expect([beforeFind(find), scriptOf(find)]).toEqual([before, examined.script])
  })

  it('adds up which states followed each other, each count once', async () => {
    const [a, b] = [machine(), machine()]
    const count = (path: string, name: string | undefined, ...words: readonly string[]): void => {
      const counts = new StateCounts()
      counts.add([words])
      saveStates(path, counts, name)
    }
    count(a.path, undefined, 'tcp', 'closed')
    count(a.path, 'a', 'tcp', 'NOERROR', 'closed')
    for (let i = 0; i < 3; i++) count(b.path, 'b', 'tcp', 'NOERROR')
    for (let i = 0; i < 2; i++) for (const { bridge } of [a, b]) await bridge.close()
    count(a.path, 'a', 'tcp', 'NOERROR')
    for (let i = 0; i < 2; i++) for (const { bridge } of [a, b]) await bridge.close()
    const edges = [
      { from: 'tcp', to: 'NOERROR', count: 5 },
      { from: 'NOERROR', to: 'closed', count: 1 },
    ]
    expect(readStates(b.path).edges).toEqual(expect.arrayContaining(edges))
    expect(readStates(b.path).edges).toHaveLength(2)
    // What was counted without a name stays where it is.
    expect(readStates(a.path).edges).toEqual(
      expect.arrayContaining([...edges, { from: 'tcp', to: 'closed', count: 1 }]),
    )
    expect(
      readStates(a.path)
        .nodes.map(({ id }) => id)
        .sort(),
    ).toEqual(['NOERROR', 'closed', 'tcp'])
  })

  it('takes no state and nothing known by a name that is no file of the campaign', async () => {
    const a = machine()
    const key = campaignKey(nameOf(a.folder.file))
    const graph = JSON.stringify({ nodes: [], edges: [{ from: 'a', to: 'b', count: 1 }] })
    await connection.redis.hset(`${key}:states`, '../outside', graph)
    await connection.redis.hset(`${key}:known`, '../outside', '{}')
    await connection.redis.rpush(`${key}:known:order`, '../outside')
    await a.bridge.close()
    expect(readStates(a.path).edges).toEqual([])
    expect(readdirSync(a.path)).not.toContain('outside.json')
    expect(readdirSync(a.path)).not.toContain('outside')
  })

  it('carries what is known to be no find', async () => {
    const [a, b] = [machine(), machine()]
    a.folder.addKnown(FIND, Uint8Array.of(1))
    await a.bridge.close()
    await b.bridge.close()
    expect(b.folder.known).toBe(1)
    await connection.redis.flushall()
    const late = machine()
    for (const { bridge } of [b, late]) await bridge.close()
    expect(late.folder.known).toBe(1)
  })

  it('tells of what is new, and not of what lay there before', async () => {
    const told: string[] = []
    const a = machine({ onFind: ({ title }) => told.push(title) })
    a.folder.addFind(FIND, Uint8Array.of(1), 0)
    await a.bridge.carry()
    a.folder.addFind({ ...FIND, title: 'another', signature: 'another' }, Uint8Array.of(2), 0)
    await a.bridge.carry()
    expect(told).toEqual(['another'])
    expect(a.bridge.finds()).toHaveLength(2)
  })

  it('sets aside everywhere what somebody has pruned, and takes it no more', async () => {
    const [a, b] = [machine(), machine()]
    for (const octet of [1, 2, 3]) a.folder.addInput(Uint8Array.of(octet))
    await a.bridge.carry()
    await b.bridge.carry()
    await a.bridge.putAside([Uint8Array.of(2)])
    const late = machine()
    for (const { bridge } of [a, b, late]) await bridge.carry()
    for (const { inputs } of [a, b, late])
      expect(inputs()).toEqual([hashOf(Uint8Array.of(1)), hashOf(Uint8Array.of(3))].sort())
    expect(readdirSync(join(b.path, 'pruned'))).toEqual([hashOf(Uint8Array.of(2))])
  })

  it('fills a Redis that has lost all', async () => {
    const [a, b] = [machine(), machine()]
    a.folder.addInput(Uint8Array.of(1))
    a.folder.addFind(FIND, Uint8Array.of(1, 2, 3), 0)
    await a.bridge.carry()
    await connection.redis.flushall()
    a.folder.addInput(Uint8Array.of(2))
    await a.bridge.carry()
    await b.bridge.carry()
    expect(b.inputs()).toHaveLength(2)
    expect(b.folder.finds()).toHaveLength(1)
  })

  it('leaves nothing in Redis for ever', async () => {
    const a = machine()
    a.folder.addInput(Uint8Array.of(1))
    a.folder.addFind(FIND, Uint8Array.of(1, 2, 3), 0)
    addOrigin(a.path, { name: 'x', parent: undefined, by: 'seed', at: 1, blocks: 1 })
    const file = join(lab.folder, 'kept.cjs')
    mergeCoverage(a.path, [{ format: 1, file, at: file, hash: '', places: [1, 0], covered: 'AQ==' }])
    await a.bridge.putAside([Uint8Array.of(2)])
    await a.bridge.putReplay('x', { replay: { again: 3, times: 3 }, minimal: Uint8Array.of(1) })
    a.folder.addKnown(FIND, Uint8Array.of(1))
    putStates(a.path, 'here', { nodes: [], edges: [{ from: 'a', to: 'b', count: 1 }] })
    await a.bridge.close()
    const keys = await connection.redis.keys('*')
    expect(keys.length).toBeGreaterThan(15)
    for (const key of keys) expect(await connection.redis.ttl(key), key).toBeGreaterThan(29 * 86_400)
  })

  it('merges what was entered, but for versions that are not the one here', async () => {
    const file = join(lab.folder, 'decode.cjs')
    writeFileSync(file, 'exports.decode = () => 1\n')
    const hash = hashOf('exports.decode = () => 1\n')
    const said: string[] = []
    const [a, b, c] = [machine(), machine(), machine({ say: line => said.push(line) })]
    const record = (covered: string, other = hash): ModuleCoverage => {
      const places = [1, 0, 2, 0, 3, 0]
      return { format: 1, file, at: file, hash: other, places, covered: Buffer.from(covered, 'hex').toString('base64') }
    }
    mergeCoverage(a.path, [record('01')])
    mergeCoverage(b.path, [record('04')])
    for (const { bridge } of [a, b]) await bridge.close()
    await a.bridge.close()
    expect([a, b].map(({ path }) => readCoverage(path))).toEqual([[record('05')], [record('05')]])

    // Somebody else's text of the same file.
    const old = { ...record('07', hashOf('another')), at: '/nowhere/decode.cjs' }
    const key = `${campaignKey(nameOf(a.folder.file))}:coverage`
    await connection.redis.hset(key, versionOf(old), JSON.stringify({ record: { ...old, covered: '' }, by: 'far-1' }))
    await connection.redis.set(`${key}:${versionOf(old)}`, Buffer.from('07', 'hex'))
    await connection.redis.incr(`${key}:change`)
    await signIn(connection.redis, { name: 'far-1', host: 'far', pid: 1, threads: 1, unfit: [] })
    for (let i = 0; i < 2; i++) await c.bridge.close()
    expect(readCoverage(c.path)).toEqual([record('05')])
    expect(said).toEqual([`worker far-1 has another version of ${file}: inputs are shared with it, coverage is not`])
  })
})
