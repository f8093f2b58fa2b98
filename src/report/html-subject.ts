import type { Report, Verdict } from '../conformance/verdict.ts'
import type { Named } from './html-overview.ts'
import { caseAddress, gradeName, outcomeBar, outcomeTag, sectionAnchor, tallyBar } from './html-parts.ts'
import { type Markup, markup } from './markup.ts'
import { bySection, type Concern, type Coverage, concerns, coverage, LEVELS, MEANING, OUTCOMES } from './reading.ts'
import { count, duration, shorten } from './visible.ts'

/** A phrase of a peer's is cut here in the page; the JSON report has it all. */
const PHRASE = 700

/** Transcripts are open from the start for so many findings. */
const OPEN = 12

/** The page of one subject. */
export function subject(peer: Named, index: number, several: boolean): Markup {
  const { report, slug } = peer
  const found = concerns(report)
  return markup`<article class="panel subject${!several && ' current'}" id="peer=${slug}" data-peer="${slug}" data-index="${index}" aria-labelledby="title-${slug}">
${hero(peer)}
${found.map(concern => findings(peer, concern))}
${stale(report)}
${found.length === 0 && markup`<p class="clean">Nothing fell short.</p>`}
${covered(peer)}
${cases(peer)}
</article>`
}

function hero({ report, slug }: Named): Markup {
  const { subject, grade, totals, options } = report
  const tallies = [grade.must, grade.should, grade.may]
  const facts = [
    `${report.protocol} ${subject.role}`,
    shorten(subject.address, 120),
    subject.security,
    `${count(report.verdicts.length, 'case')} in ${duration(report.milliseconds)}`,
    `${report.started.slice(0, 16).replace('T', ' ')} UTC`,
    `${options.concurrency} at a time, patience ${duration(options.patience)}`,
    options.repeat > 1 && `each ${options.repeat} times`,
    options.only !== undefined && `only ${options.only}`,
  ].filter(fact => fact !== undefined && fact !== false)
  return markup`<header class="hero">
<p class="letter grade-${gradeName(report)}"><span class="hush">Grade </span>${grade.letter}</p>
<div class="who"><h1 id="title-${slug}">${shorten(subject.name, 160)}</h1><p class="because">${shorten(grade.because, PHRASE)}</p>
<ul class="facts">${facts.map(fact => markup`<li>${fact}</li>`)}</ul></div>
<dl class="tallies">${LEVELS.map((level, i) => {
    const tally = tallies[i] ?? { passed: 0, judged: 0 }
    return markup`<div><dt>${level}</dt><dd class="n">${tally.passed}<span class="dim">/${tally.judged}</span></dd><dd>${tallyBar(tally)}</dd></div>`
  })}</dl>
</header>
<div class="strip">${outcomeBar(totals)}<ul>${OUTCOMES.filter(outcome => totals[outcome] > 0).map(
    outcome =>
      markup`<li><a href="#peer=${slug}&amp;outcome=${outcome}" title="${MEANING[outcome]}"><span class="dot o-${outcome}"></span><b>${totals[outcome]}</b> ${outcome}</a></li>`,
  )}</ul></div>`
}

function findings(peer: Named, { kind, title, means, verdicts }: Concern): Markup {
  const heavy = kind === 'broken' || kind === 'weak'
  const list = verdicts.map((verdict, i) => finding(peer, verdict, heavy && i < OPEN))
  const heading = markup`<h2>${title} <span class="count">${verdicts.length}</span></h2>`
  if (heavy) return markup`<section class="findings ${kind}">${heading}<p class="means">${means}</p>${list}</section>`
  return markup`<section class="findings ${kind}"><details><summary>${heading}<p class="means">${means}</p></summary>${list}</details></section>`
}

function finding(peer: Named, verdict: Verdict, open: boolean): Markup {
  const { report, slug } = peer
  const { id, outcome, level, spec, section, text, when, transcript, capture } = verdict
  const evidence =
    transcript.length > 0 &&
    markup`<details class="evidence" data-case="${report.verdicts.indexOf(verdict)}"${open && markup` open`}><summary>Transcript</summary></details>`
  return markup`<section class="finding"><div class="claim"><p class="line">${outcomeTag(outcome)} <span class="level">${level}</span> ${sectionAnchor(report, spec, section)}</p>
<h3>When ${when}</h3><p class="rule">${text}</p>${versus(verdict)}<p class="id"><a href="${caseAddress(slug, id)}">${id}</a>${capture !== undefined && markup` <span class="dim">${capture}</span>`}</p></div>${evidence}</section>\n`
}

function versus({ outcome, expected, came, known, repeats, commands }: Verdict): Markup {
  return markup`<dl class="versus"><dt>expected</dt><dd>${shorten(expected, PHRASE)}</dd><dt>came</dt><dd class="came o-${outcome}">${shorten(came, PHRASE)}</dd>${
    repeats && markup`<dt>repeats</dt><dd>${repeats.join(', ')}</dd>`
  }${known !== undefined && markup`<dt>known</dt><dd>${shorten(known, PHRASE)}</dd>`}${
    commands &&
    markup`<dt>by hand</dt><dd>${commands.map(command => markup`<code class="command">${shorten(command, PHRASE)}</code>`)}</dd>`
  }</dl>`
}

function stale({ stale }: Report): Markup | undefined {
  if (stale.length === 0) return undefined
  return markup`<section class="findings stale"><h2>Known entries that no longer hold <span class="count">${stale.length}</span></h2><ul class="plain">${stale.map(
    ({ id, why }) => markup`<li><code>${id}</code> <span class="dim">${why}</span></li>`,
  )}</ul></section>`
}

function covered({ report, slug }: Named): Markup {
  const specs = new Map<string, Coverage[]>()
  for (const one of coverage(report)) specs.set(one.spec, [...(specs.get(one.spec) ?? []), one])
  const state = (state: string) =>
    report.rules.filter(rule => (rule.roles[report.subject.role] ?? rule.state) === state)
  const uncovered = [...state('missing'), ...state('unobservable')]
  return markup`<section class="coverage"><h2>Coverage <span class="count">${count(report.rules.length, 'rule')}</span></h2>
<p class="means">${state('tested').length} tested, ${state('unobservable').length} that nobody can see over the wire, ${state('missing').length} missing.</p>
${[...specs].map(([spec, sections]) => markup`<h3>${report.specifications[spec]?.title ?? spec}</h3><ul class="sections">${sections.map(one => coverageRow(report, slug, one))}</ul>`)}
${
  uncovered.length > 0 &&
  markup`<details class="uncovered"><summary>${count(uncovered.length, 'rule')} without a case</summary>${bySection(
    uncovered,
  ).map(
    ({ spec, section, items }) =>
      markup`<h4>${sectionAnchor(report, spec, section)}</h4><ul class="plain">${items.map(
        rule =>
          markup`<li><span class="level">${rule.level}</span> ${rule.text} <span class="dim">${rule.reason ?? 'missing'}</span></li>`,
      )}</ul>`,
  )}</details>`
}</section>`
}

function coverageRow(report: Report, slug: string, one: Coverage): Markup {
  const { spec, section, topic, cases, outcomes, tested, unobservable, missing } = one
  const rules = [
    tested > 0 && `${tested} tested`,
    unobservable > 0 && `${unobservable} not observable`,
    missing > 0 && `${missing} missing`,
  ].filter(part => part !== false)
  const name =
    cases > 0
      ? markup`<a href="#peer=${slug}&amp;section=${spec}:${section}" aria-label="Section ${section}, ${topic}: ${outcomes.pass ?? 0} of ${cases} cases pass">${topic}</a>`
      : markup`<span class="dim">${rules.join(', ')}</span>`
  return markup`<li title="${`${count(tested + unobservable + missing, 'rule')}: ${rules.join(', ')}`}"><span class="num">${sectionAnchor(report, spec, section, section)}</span><span class="topic">${name}</span>${
    cases > 0
      ? markup`${outcomeBar(outcomes)}<span class="n">${outcomes.pass ?? 0}<span class="dim">/${cases}</span></span>`
      : markup`<span></span><span class="n dim">–</span>`
  }</li>`
}

function cases({ report, slug }: Named): Markup {
  const outcomes = OUTCOMES.filter(outcome => report.totals[outcome] > 0)
  const groups = bySection(
    report.verdicts.map((verdict, index) => ({ spec: verdict.spec, section: verdict.section, verdict, index })),
  )
  const chip = (group: string, value: string): Markup =>
    markup`<button type="button" class="chip o-${value}" data-${group}="${value}" aria-pressed="false">${value}</button>`
  return markup`<section class="cases" aria-label="Every case"><h2>Every case <span class="count" aria-live="polite">${report.verdicts.length}</span></h2>
<form class="filter" role="search"><input type="search" name="q" placeholder="Search" aria-label="Search cases" autocomplete="off" spellcheck="false"><kbd aria-hidden="true">/</kbd>
<select name="section" aria-label="Section"><option value="">Every section</option>${groups.map(
    ({ spec, section }) =>
      markup`<option value="${spec}:${section}">${report.specifications[spec]?.title ?? spec} §${section}</option>`,
  )}</select>
<div class="chips" role="group" aria-label="Levels">${LEVELS.map(level => chip('level', level))}</div><div class="chips" role="group" aria-label="Outcomes">${outcomes.map(outcome => chip('outcome', outcome))}</div></form>
<div class="list">${groups.map(
    ({
      spec,
      section,
      items,
    }) => markup`<section class="group" data-section="${spec}:${section}"><h3>${sectionAnchor(report, spec, section)} <span class="dim">${[...new Set(items.map(({ verdict }) => verdict.suite))].join(', ')}</span></h3>
${items.map(({ verdict, index }) => row(slug, verdict, index))}</section>`,
  )}</div><p class="none" hidden>No case is like that.</p></section>`
}

function row(slug: string, verdict: Verdict, index: number): Markup {
  const { id, outcome, level, when, text, milliseconds, known, transcript, capture } = verdict
  return markup`<details class="case" data-id="${id}" data-case="${index}" data-outcome="${outcome}" data-level="${level}"><summary>${outcomeTag(outcome, known !== undefined)}<span class="level">${level}</span><span class="when">${when}</span><span class="time">${milliseconds < 9.95 ? milliseconds.toFixed(1) : Math.round(milliseconds)}</span></summary>
<div class="body"><p class="rule">${text}</p>${versus(verdict)}<p class="id"><a href="${caseAddress(slug, id)}">${id}</a>${capture !== undefined && markup` <span class="dim">${capture}</span>`}</p>${transcript.length > 0 && markup`<div class="evidence" data-case="${index}"></div>`}</div></details>\n`
}
