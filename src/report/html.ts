import type { Report } from '../conformance/verdict.ts'
import { evidence } from './evidence.ts'
import { type Named, overview } from './html-overview.ts'
import { gradeName } from './html-parts.ts'
import { subject } from './html-subject.ts'
import { markup, trusted } from './markup.ts'
import { ranked } from './matrix.ts'
import { PAGE_SCRIPT } from './page-script.ts'
import { PAGE_STYLE } from './page-style.ts'
import { shorten } from './visible.ts'
import { wholePage } from './whole-page.ts'

/**
 * One page that needs nothing else: no network, no file beside it. One report shows its subject; several show an overview
 * and each subject's page, best grade first. All is there without scripts but transcripts, search and filters. Whatever a peer
 * sent is text: it is escaped, and a content security policy lets only our own style and scripts run.
 */
export function html(reports: readonly Report[]): string {
  const peers = named(ranked(reports))
  const [first] = peers
  if (!first) throw new RangeError('there is no report to write')
  const title =
    peers.length === 1 ? `${first.report.subject.name}: ${first.report.grade.letter}` : `${peers.length} graded`
  const several = peers.length > 1
  const body = markup`<a class="skip" href="#content">Skip to the content</a>
<div class="top"><div class="wide">
<a class="brand" href="#${several ? 'overview' : `peer=${first.slug}`}">wiregrade</a>
${several && switcher(peers)}
</div></div>
<main id="content" class="wide">
${several && overview(peers)}
${peers.map((peer, index) => subject(peer, index, several))}
</main>
<footer class="wide foot"><p>wiregrade ${first.report.tool.version}. <span class="desk">Press <kbd>/</kbd> to search, <kbd>Esc</kbd> to clear.</span> All times in milliseconds since the connection was opened.</p></footer>
<script type="application/json" id="evidence">${trusted(evidence(peers.map(peer => peer.report)))}</script>`
  return wholePage({ title: `${shorten(title, 120)} - wiregrade`, style: PAGE_STYLE, body, script: PAGE_SCRIPT })
}

function switcher(peers: readonly Named[]) {
  return markup`<nav aria-label="Subjects"><a href="#overview">Overview</a>${peers.map(
    ({ report, slug }) =>
      markup`<a href="#peer=${slug}"><b class="grade-${gradeName(report)}">${report.grade.letter}</b> ${shorten(report.subject.name, 28)}</a>`,
  )}</nav>`
}

/** Each report with a name for addresses: `nginx-1-22-1`, and a number after it where names are alike. */
function named(reports: readonly Report[]): readonly Named[] {
  const taken = new Set<string>()
  return reports.map(report => {
    const name = report.subject.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 40)
    let slug = name === '' ? 'peer' : name
    for (let i = 2; taken.has(slug); i++) slug = `${name}-${i}`
    taken.add(slug)
    return { report, slug }
  })
}
