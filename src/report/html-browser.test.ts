import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, LAUNCH } from './browser.fixture.ts'
import { html } from './html.ts'
import { hostileReport, sampleReport, sampleReports } from './report.fixture.ts'

// Without a Chromium there is nothing to open the page in: scripts/peers chromium installs Debian's.
describe.skipIf(CHROMIUM === undefined)('the page in a browser (skipped where there is no Chromium)', () => {
  let browser: Browser
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wiregrade-page-'))
    browser = await chromium.launch(LAUNCH)
  }, 180_000)

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(
    name: string,
    reports: Parameters<typeof html>[0],
    look: { readonly width?: number; readonly scheme?: 'light' | 'dark' } = {},
  ): Promise<{ readonly page: Page; readonly asked: string[]; readonly wrong: string[] }> {
    const file = join(folder, `${name}.html`)
    writeFileSync(file, html(reports))
    const { width = 1280, scheme = 'light' } = look
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme })
    const asked: string[] = []
    const wrong: string[] = []
    page.on('request', request => asked.push(request.url()))
    page.on('pageerror', error => wrong.push(error.message))
    page.on('dialog', dialog => {
      wrong.push(dialog.message())
      void dialog.dismiss()
    })
    await page.goto(pathToFileURL(file).href)
    return { page, asked, wrong }
  }

  const wide = (page: Page) => page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth')

  it('shows the grade first, and asks nobody for anything', async () => {
    const { page, asked, wrong } = await open('one', [sampleReport()])
    expect(await page.locator('.hero .letter').first().textContent()).toContain(sampleReport().grade.letter)
    expect(await page.locator('h1').first().textContent()).toContain('nginx')
    expect(asked.filter(url => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([])
    expect(wrong).toEqual([])
    await page.close()
  })

  it('narrows the cases by search and by outcome', async () => {
    const { page } = await open('search', [sampleReport()])
    const shown = page.locator('.case:visible')
    const all = await shown.count()
    const id = (await page.locator('.case').last().getAttribute('data-id')) ?? ''
    await page.locator('input[type=search]').fill(id)
    await expect.poll(() => shown.count()).toBe(1)
    await page.locator('input[type=search]').fill('')
    await expect.poll(() => shown.count()).toBe(all)
    await page.locator('button[data-outcome=fail]').first().click()
    const failed = sampleReport().verdicts.filter(({ outcome }) => outcome === 'fail').length
    await expect.poll(() => shown.count()).toBe(failed)
    await page.close()
  })

  it('opens a failure to what was sent and what came', async () => {
    const { page } = await open('evidence', [sampleReport()])
    const finding = page.locator('.finding').first()
    expect(await finding.textContent()).toMatch(/expected[\s\S]+came/)
    const evidence = finding.locator('.evidence')
    if ((await evidence.getAttribute('open')) === null) await evidence.locator('summary').click()
    await expect.poll(() => evidence.textContent()).toMatch(/we sent/)
    await page.close()
  })

  it('links each section to its text', async () => {
    const { page } = await open('links', [sampleReport()])
    const links = await page.locator('a.rfc').evaluateAll(all => all.map(link => link.getAttribute('href')))
    expect(links.length).toBeGreaterThan(0)
    for (const link of links)
      expect(link).toMatch(/^https:\/\/www\.rfc-editor\.org\/rfc\/rfc\d+#(section|appendix)-[\dA-Z.]+$/)
    await page.close()
  })

  it.each([360, 1280])('fits %i columns of pixels, one subject or several', async width => {
    for (const [name, reports] of [
      ['narrow', [sampleReport()]],
      ['several', sampleReports()],
      ['hostile', [hostileReport()]],
    ] as const) {
      const { page, wrong } = await open(`${name}-${width}`, reports, { width })
      expect(await wide(page), name).toBe(false)
      expect(wrong).toEqual([])
      await page.close()
    }
  })

  it('is dark where the reader wants it dark', async () => {
    const background = async (scheme: 'light' | 'dark') => {
      const { page } = await open(scheme, [sampleReport()], { scheme })
      const colour = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
      await page.close()
      return colour
    }
    expect(await background('dark')).not.toBe(await background('light'))
  })

  it('shows what a hostile peer sent as text, and runs none of it', async () => {
    const { page, wrong, asked } = await open('hostile', [hostileReport()])
    expect(await page.locator('img, iframe, object, embed').count()).toBe(0)
    expect(await page.locator('script:not([type]), script[type="application/json"]').count()).toBe(3)
    expect(wrong).toEqual([])
    expect(asked.every(url => url.startsWith('file:') || url.startsWith('data:'))).toBe(true)
    await page.close()
  })
})
