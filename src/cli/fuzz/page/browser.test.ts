import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mergeCoverage } from '../../../fuzz/campaign/coverage-file.ts'
import { CampaignFolder, hashOf } from '../../../fuzz/campaign/folder.ts'
import { addOrigin } from '../../../fuzz/campaign/lineage.ts'
import { plainFind } from '../../../fuzz/triage.ts'
import { CHROMIUM, LAUNCH } from '../../../report/browser.fixture.ts'
import { obey } from '../../commands.ts'

const HOSTILE = '<img src=x onerror=alert(1)>"\'</script><script>alert(2)</script>\u202e'

const root = mkdtempSync(join(tmpdir(), 'wiregrade-fuzz-page-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A campaign of so many inputs, with a find, states and code, in which names and texts are hostile. */
function campaign(inputs: number, states: number): string {
  const path = join(root, `campaign-${inputs}-${states}`)
  if (existsSync(path)) return path
  const folder = CampaignFolder.open(path, { target: 'codec:made/up', allow: [], version: '0' }, 0)
  folder.begin({ at: 1000, event: 'begin' })
  folder.log({ at: 2000, event: 'status', runs: 10, corpus: 2, blocks: 3, elapsed: 1000 })
  folder.addFind(plainFind('crash', HOSTILE), new Uint8Array(3000), 2500)
  folder.log({ at: 2500, event: 'find' })
  folder.log({ at: 3000, event: 'end', runs: 20, corpus: inputs, blocks: 5, elapsed: 2000 })
  const names = Array.from({ length: inputs }, (_, i) => {
    const octets = Uint8Array.of(0x41, i >> 8, i)
    folder.addInput(octets)
    return hashOf(octets)
  })
  for (const [i, name] of names.entries())
    addOrigin(path, { name, parent: names[(i >> 1) - 1], by: i < 2 ? 'seed' : 'havoc', at: i, blocks: i % 5 })
  const text = `function decode(a) {\n\treturn a ? 1 : ${JSON.stringify(HOSTILE)}\n}\n// ${'x'.repeat(900)}\n`
  const at = join(root, 'a.js')
  writeFileSync(at, text)
  const places = [1, 19, 2, 12, 2, 16]
  const record = { format: 1, at, places, covered: Buffer.from([0b011]).toString('base64') } as const
  mkdirSync(path, { recursive: true })
  mergeCoverage(path, [
    { ...record, file: 'made-up/a.js', hash: hashOf(text) },
    { ...record, file: HOSTILE, hash: 'other' },
  ])
  const nodes = Array.from({ length: states }, (_, i) => ({ id: `s${i}`, label: i === 1 ? HOSTILE : `STATE ${i}` }))
  const edges = nodes.flatMap(({ id }, i) => [
    { from: id, to: `s${(i + 1) % states}`, count: 10 ** (i % 6) },
    { from: id, to: `s${i >> 1}`, count: 3 },
  ])
  if (states > 0) writeFileSync(join(path, 'states.json'), JSON.stringify({ nodes, edges }))
  return path
}

// Without a Chromium there is nothing to open the page in: scripts/peers chromium installs Debian's.
describe.skipIf(CHROMIUM === undefined)('the page of a campaign (skipped where there is no Chromium)', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await chromium.launch(LAUNCH)
  }, 180_000)

  afterAll(() => browser?.close())

  async function open(
    path: string,
    look: { readonly width?: number; readonly scheme?: 'light' | 'dark' } = {},
  ): Promise<{ readonly page: Page; readonly asked: string[]; readonly wrong: string[] }> {
    const file = `${path}.html`
    expect(await obey(['fuzz', 'report', path, '--html', file])).toBe(1)
    const { width = 1280, scheme = 'light' } = look
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme })
    const [asked, wrong]: string[][] = [[], []]
    page.on('request', request => asked?.push(request.url()))
    page.on('pageerror', error => wrong?.push(error.message))
    // What the policy forbids is told here.
    page.on('console', message => wrong?.push(message.text()))
    page.on('dialog', dialog => {
      wrong?.push(dialog.message())
      void dialog.dismiss()
    })
    await page.goto(pathToFileURL(file).href)
    return { page, asked: asked ?? [], wrong: wrong ?? [] }
  }

  it('shows finds, growth, inputs, states and code, and asks nobody for anything', async () => {
    const { page, asked, wrong } = await open(campaign(30, 6))
    expect(await page.locator('h2').allTextContents()).toEqual([
      'Finds 1',
      'Growth',
      'Inputs and what they were made of',
      'States',
      'Code that was entered',
    ])
    expect(await page.locator('.growth').count()).toBe(2)
    expect(await page.locator('.tree circle').count()).toBe(30)
    expect(await page.locator('.state').count()).toBe(6)
    expect(await page.locator('article.found .command').textContent()).toMatch(/^wiregrade fuzz replay \S+$/)
    expect(asked.filter(url => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([])
    expect(await page.locator('img, iframe, object, embed, script[src]').count()).toBe(0)
    expect(wrong).toEqual([])
    await page.close()
  })

  it('shows the octets of an input that is touched, and what it was made of', async () => {
    const { page } = await open(campaign(30, 6))
    // 20 was made of 9, 9 of 3, and 3 of 0.
    const dot = page.locator('.tree g[data-octets="41 00 14"]')
    await dot.locator('circle').click()
    expect(await page.locator('.chosen').textContent()).toMatch(/^0 new blocks, by havoc.*generation 4.*41 00 14$/s)
    expect(await page.locator('.tree g.line').count()).toBe(4)
    await page.locator('div.tree').press('ArrowDown')
    expect(await page.locator('.tree g.now').count()).toBe(1)
    await page.close()
  })

  it('shows which part of a line was never entered, and says where there is no text', async () => {
    const { page } = await open(campaign(30, 6))
    for (const file of await page.locator('.file summary').all()) await file.click()
    expect(await page.locator('.source .some mark').textContent()).toMatch(/^"<img src=x/)
    expect(await page.locator('.source .yes').count()).toBe(1)
    expect(await page.locator('.file').first().textContent()).toMatch('not what it was when it was entered')
    await page.close()
  })

  it.each([360, 1280])(
    'fits %i columns of pixels, with thousands of inputs too',
    async width => {
      for (const path of [campaign(30, 6), campaign(3000, 60), campaign(0, 0)]) {
        const { page, wrong } = await open(path, { width })
        for (const file of await page.locator('.file summary').all()) await file.click()
        expect(await page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth'), path).toBe(
          false,
        )
        expect(await page.locator('.tree circle').count()).toBeLessThanOrEqual(160)
        expect(wrong).toEqual([])
        await page.close()
      }
    },
    60_000,
  )

  it('is dark where the reader wants it dark', async () => {
    const background = async (scheme: 'light' | 'dark') => {
      const { page } = await open(campaign(30, 6), { scheme })
      const colour = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
      await page.close()
      return colour
    }
    expect(await background('dark')).not.toBe(await background('light'))
  })
})
