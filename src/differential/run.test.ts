import { describe, expect, it } from 'vitest'
import { judge } from './judge.ts'
import { resultJson, resultText } from './report.ts'
import { runDifferential } from './run.ts'
import { shrink } from './shrink.ts'
import { speller, toy } from './toy.fixture.ts'

const bad = speller('bad', value => (value > 9 ? `-${value}` : `${value}`))
const all = [speller('one'), bad, speller('two')]

describe('a differential', () => {
  it('finds nothing where all agree', async () => {
    const result = await runDifferential(toy, [speller('one'), speller('two')], { seed: 1, scenes: 60 })
    expect(result).toMatchObject({ scenes: 60, findings: [] })
  })

  it('tells a disagreement once, with the smallest example', async () => {
    const { findings } = await runDifferential(toy, all, { seed: 1, scenes: 60 })
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ id: 'sign/large/plus/bad:minus', scene: [10], question: 0 })
    expect(findings[0]?.count).toBeGreaterThan(1)
  })

  it('asks the same of the same seed, whatever is asked after', async () => {
    const few = await runDifferential(toy, all, { seed: 7, scenes: 30, together: 20 })
    const again = await runDifferential(toy, all, { seed: 7, scenes: 30, together: 20 })
    expect(again).toEqual(few)
  })

  it('names what one refuses and others take', async () => {
    const picky = speller('picky', String, scene => scene.includes(3))
    const { findings } = await runDifferential(toy, [speller('one'), speller('two'), picky], { seed: 1, scenes: 60 })
    expect(findings).toMatchObject([{ id: 'load/all/taken/picky:refused', scene: [3] }])
  })

  it('does not make small what is known', async () => {
    let trials = 0
    const counted = { ...bad, ask: (list: Parameters<typeof bad.ask>[0]) => bad.ask(list).finally(() => trials++) }
    const known = [{ disagreement: 'sign/*', wrong: 'bad', reason: 'it counts down' }]
    const { findings } = await runDifferential(toy, [speller('one'), counted, speller('two')], {
      seed: 1,
      scenes: 40,
      known,
    })
    expect(findings).toMatchObject([{ known: { reason: 'it counts down' } }])
    expect(trials).toBe(1)
  })

  it('begins nothing more once it is stopped', async () => {
    const result = await runDifferential(toy, all, { seed: 1, scenes: 1000, together: 10, stopped: () => true })
    expect(result).toMatchObject({ scenes: 0, findings: [] })
  })

  it('fails where a subject cannot be had, once the others have ended', async () => {
    let ended = false
    const slow = {
      ...bad,
      ask: () => new Promise<never[]>(resolve => setImmediate(() => resolve([]))).finally(() => (ended = true)),
    }
    const absent = { ...bad, ask: () => Promise.reject(new Error('not there')) }
    await expect(judge(toy, [absent, slow], [{ scene: [1], questions: [0] }])).rejects.toThrow('not there')
    expect(ended).toBe(true)
  })

  it('keeps what cannot be made smaller', async () => {
    const [found = []] = await judge(toy, all, [{ scene: [10], questions: [0] }])
    expect(await shrink(toy, all, found)).toEqual(found)
  })
})

describe('a report', () => {
  it('is told in 80 columns and as JSON', async () => {
    const result = await runDifferential(toy, all, { seed: 1, scenes: 60 })
    const text = resultText(toy, result, { columns: 80, replay: () => `toy ${'again '.repeat(20)}` })
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
    expect(text).toContain('bad  -10')
    expect(text).toMatch(/the book of large numbers/)
    expect(text).toMatch(/1 disagreement, 0 known/)
    expect(resultJson(toy, result)).toMatchObject({
      seed: 1,
      findings: [{ id: 'sign/large/plus/bad:minus', scene: ['10'], question: 'number 0' }],
    })
  })

  it('tells what is known only when asked to', async () => {
    const known = [{ disagreement: 'sign/*', wrong: 'bad', reason: 'it counts down' }]
    const result = await runDifferential(toy, all, { seed: 1, scenes: 60, known })
    expect(resultText(toy, result, { columns: 80 })).toMatch(/^one, bad, two: nothing new, 1 known/)
    expect(resultText(toy, result, { columns: 80, known: true })).toMatch(/known, bad is wrong: it counts down/)
  })
})
