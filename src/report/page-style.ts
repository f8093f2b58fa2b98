/**
 * The style of the HTML report. System fonts, one accent, colour only for outcomes; everything on a four-pixel rhythm. Text and
 * ground keep a contrast of 4.5 or more in light and dark.
 */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fbfbfa; --sheet: #fff; --ink: #1b1d20; --dim: #5d636d; --rule: #e5e5e1; --faint: #f2f2ef; --accent: #1f56b5;
  --pass: #157347; --weak: #8d5d00; --fail: #c02626; --crash: #a3195b; --unstable: #7038b0; --limit: #1d6a8c;
  --unsupported: #646b76; --skipped: #646b76; --error: #545b66; --pass-fill: #68b38d; --weak-fill: #dcae4f; --fail-fill: #d95b55; --limit-fill: #6aa9c6;
  --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #101214; --sheet: #16181b; --ink: #e3e5e8; --dim: #979ea9; --rule: #292d32; --faint: #1c1f23; --accent: #8ab2f5;
    --pass: #62c592; --weak: #dcab4b; --fail: #ff7d75; --crash: #f57fb6; --unstable: #c19cf5; --limit: #76b9d9;
    --unsupported: #969da8; --skipped: #969da8; --error: #a6adb8; --pass-fill: #3d8a63; --weak-fill: #b98a2f; --fail-fill: #d4554e; --limit-fill: #4c8cab;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 64px; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.wide { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
h1, h2, h3, h4, p, ul, dl, dd { margin: 0; padding: 0; }
ul { list-style: none; }
h1 { font-size: 26px; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; }
h2 { font-size: 17px; line-height: 1.3; font-weight: 650; letter-spacing: -.005em; margin: 44px 0 4px; }
h3 { font-size: 14px; line-height: 1.4; font-weight: 600; }
h4 { font-size: 13px; font-weight: 500; margin: 12px 0 2px; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
code, .id, .facts, kbd { font-family: var(--mono); font-size: 12px; }
kbd { border: 1px solid var(--rule); border-bottom-width: 2px; border-radius: 4px; padding: 0 5px; color: var(--dim); background: var(--sheet); }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 500; }
.n { text-align: right; white-space: nowrap; }
.dim, .means, .count { color: var(--dim); font-weight: 400; }
.hush, .skip:not(:focus) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip:focus { position: fixed; z-index: 9; top: 8px; left: 8px; padding: 8px 12px; background: var(--sheet); border: 1px solid var(--rule); }
.count { font-size: 14px; margin-left: 4px; } h2 { text-wrap: balance; }

.o-pass { --c: var(--pass); } .o-weak { --c: var(--weak); } .o-fail { --c: var(--fail); } .o-crash { --c: var(--crash); }
.o-unstable { --c: var(--unstable); } .o-limit { --c: var(--limit); } .o-unsupported { --c: var(--unsupported); }
.o-skipped { --c: var(--skipped); } .o-error { --c: var(--error); }
.grade-A, .grade-B { --c: var(--pass); } .grade-C, .grade-D { --c: var(--weak); } .grade-F { --c: var(--fail); } .grade-none { --c: var(--dim); }
.tag { display: inline-block; min-width: 40px; padding: 0 6px; border-radius: 3px; font: 600 12px/20px var(--mono); text-align: center; color: var(--c); background: color-mix(in srgb, var(--c) 9%, transparent); white-space: nowrap; }
.tag i, .mark i { font-style: normal; }
.level { color: var(--dim); font: 12px/20px var(--mono); white-space: nowrap; }
.rfc { white-space: nowrap; }
.bar { display: block; width: 100%; height: 6px; border-radius: 3px; background: var(--faint); overflow: hidden; }
.o-pass { --f: var(--pass-fill); } .o-weak { --f: var(--weak-fill); } .o-fail { --f: var(--fail-fill); } .o-limit { --f: var(--limit-fill); }
.bar rect { fill: var(--f, var(--c)); } .bar rect.o-unsupported, .bar rect.o-skipped, .bar rect.o-error { fill: color-mix(in srgb, var(--c) 40%, transparent); }

.top { position: sticky; top: 0; z-index: 5; background: color-mix(in srgb, var(--ground) 94%, transparent); backdrop-filter: blur(8px); border-bottom: 1px solid var(--rule); }
.top .wide { display: flex; align-items: center; gap: 20px; height: 44px; }
.brand { flex: none; color: var(--ink); font-weight: 650; letter-spacing: -.01em; }
.top nav { display: flex; gap: 2px; overflow-x: auto; scrollbar-width: none; height: 100%; align-items: center; }
.top nav a { flex: none; color: var(--dim); padding: 4px 9px; border-radius: 5px; white-space: nowrap; }
.top nav a:hover { color: var(--ink); text-decoration: none; background: var(--faint); }
.top nav a[aria-current] { color: var(--ink); background: var(--faint); }
.top nav b { color: var(--c); font-weight: 650; margin-right: 2px; }
.js .panel:not(.current) { display: none; }
.panel { padding-top: 36px; }
.panel + .panel { margin-top: 24px; }

.hero { display: grid; grid-template-columns: auto 1fr 250px; gap: 4px 28px; align-items: start; }
.hero .letter { width: 104px; height: 104px; border-radius: 16px; display: grid; place-items: center; font-size: 68px; line-height: 1; font-weight: 700; letter-spacing: -.03em; color: var(--c); background: color-mix(in srgb, var(--c) 9%, transparent); }
.because { font-size: 16px; margin-top: 4px; max-width: 60ch; }
.facts { display: flex; flex-wrap: wrap; gap: 2px 0; margin-top: 12px; color: var(--dim); }
.facts li:not(:last-child)::after { content: "\\b7"; margin: 0 8px; opacity: .6; }
.tallies { display: grid; gap: 12px; padding-top: 6px; }
.tallies div { display: grid; grid-template-columns: 1fr auto; gap: 3px; }
.tallies dt { font: 12px/20px var(--mono); color: var(--dim); }
.tallies dd { font-weight: 600; } .tallies dd .dim { font-weight: 400; }
.tallies dd:last-child { grid-column: 1 / -1; }
.strip { margin-top: 32px; }
.strip .bar { height: 10px; border-radius: 5px; }
.strip ul { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-top: 10px; }
.strip a { color: var(--dim); } .strip b { color: var(--ink); font-weight: 600; }
.dot { display: inline-block; width: 8px; height: 8px; border-radius: 2px; margin-right: 7px; background: var(--f, var(--c)); }

.clean { margin-top: 40px; font-size: 16px; color: var(--pass); }
.findings > details > summary h2 { display: inline-block; }
.findings > details > summary .means { margin-left: 18px; }
.finding { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 7fr); gap: 12px 32px; padding: 18px 0; border-top: 1px solid var(--rule); }
.findings > .means { margin-bottom: 12px; }
.findings details > .finding:nth-of-type(1) { margin-top: 12px; }
.line { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; font-size: 13px; }
.finding h3 { margin-top: 8px; font-size: 15px; }
.rule { margin-top: 2px; color: var(--dim); max-width: 70ch; }
.versus { display: grid; grid-template-columns: 68px minmax(0, 1fr); gap: 3px 8px; margin-top: 10px; }
.versus dt { color: var(--dim); } .versus dd { max-width: 90ch; unicode-bidi: isolate; }
.versus .came { color: var(--c); }
.command { display: block; overflow-wrap: anywhere; }
.id { margin-top: 10px; } .id a { color: var(--dim); }
.plain li { padding: 4px 0; border-top: 1px solid var(--rule); } .stale ul { margin-top: 10px; }

summary { cursor: pointer; }
.evidence > summary { color: var(--dim); font-size: 12px; line-height: 24px; }
.wirehead span { margin-right: 12px; white-space: nowrap; }
.wirehead { display: flex; align-items: center; font-size: 12px; color: var(--dim); margin-bottom: 4px; min-height: 24px; }
.evidence > summary + .wirehead { margin-top: -24px; padding-left: 96px; pointer-events: none; } .wirehead button { pointer-events: auto; }
.wirehead button { margin-left: auto; }
button { font: inherit; color: var(--dim); background: none; border: 1px solid var(--rule); border-radius: 4px; cursor: pointer; padding: 0 8px; }
button:hover { color: var(--ink); border-color: var(--dim); }
button[aria-pressed=true] { color: var(--ink); background: var(--faint); border-color: var(--dim); }
.wire { max-height: 340px; overflow: auto; background: var(--sheet); border: 1px solid var(--rule); border-radius: 6px; font: 12px/1.55 var(--mono); }
.wire ol { list-style: none; margin: 0; padding: 6px 0; }
.wire li { display: grid; grid-template-columns: 52px 18px minmax(0, 1fr) auto; padding: 2px 12px 2px 0; }
.wire li.subject { background: var(--faint); }
.wire .at, .wire .size { color: var(--dim); text-align: right; } .wire .size { padding-left: 12px; }
.wire .way { text-align: center; color: var(--accent); } .wire .subject .way { color: var(--weak); }
.wire .says { white-space: pre-wrap; unicode-bidi: isolate; } .wire .event { color: var(--dim); font-style: italic; }
.wire pre { grid-column: 3 / -1; margin: 4px 0; overflow-x: auto; font: 11px/1.5 var(--mono); color: var(--dim); }
.wire:not(.hexed) pre { display: none; }

.sections { columns: 2; column-gap: 48px; margin: 8px 0 20px; }
.coverage h3 { margin-top: 16px; }
.sections li { display: grid; grid-template-columns: 46px minmax(0, 1fr) 96px 48px; gap: 10px; align-items: center; padding: 3px 0; border-bottom: 1px solid var(--rule); break-inside: avoid; line-height: 20px; }
.sections .topic { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; } .sections .topic a { color: var(--ink); }
.num .rfc { font: 12px/20px var(--mono); }
.uncovered summary { color: var(--dim); }

.filter { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; position: sticky; top: 44px; z-index: 4; background: var(--ground); padding: 10px 0; border-bottom: 1px solid var(--rule); }
.filter input { font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--rule); border-radius: 6px; height: 32px; width: 240px; padding: 0 30px 0 10px; }
.filter input::placeholder { color: var(--dim); opacity: 1; }
.filter input + kbd { margin-left: -42px; margin-right: 8px; pointer-events: none; } .filter input:focus + kbd { visibility: hidden; }
.filter select { font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--rule); border-radius: 6px; height: 32px; padding: 0 6px; max-width: 190px; }
html:not(.js) .filter { display: none; }
.chips { display: flex; flex-wrap: wrap; gap: 4px; }
.chip { font: 12px/22px var(--mono); border-radius: 12px; padding: 0 9px; }
.chip[aria-pressed=true] { color: var(--c, var(--ink)); border-color: var(--c, var(--ink)); background: color-mix(in srgb, var(--c, var(--ink)) 9%, transparent); }
.group h3 { padding: 18px 0 4px; font-size: 13px; font-weight: 500; } .group h3 .dim { margin-left: 6px; }
.case { border-top: 1px solid var(--rule); }
.case > summary { display: grid; grid-template-columns: 100px 62px minmax(0, 1fr) auto; gap: 4px 8px; align-items: baseline; padding: 4px 0; list-style: none; }
.case > summary::-webkit-details-marker { display: none; }
.case > summary:hover { background: var(--faint); }
.case .tag { justify-self: start; } .case .tag.o-pass { background: none; font-weight: 400; }
.case .time { color: var(--dim); font: 12px/20px var(--mono); }
.case .body { padding: 2px 0 18px 178px; } .case .body .evidence { margin-top: 12px; }
.case[open] > summary .when { font-weight: 600; }
.case.linked { box-shadow: -8px 0 0 var(--ground), -11px 0 0 var(--accent); }
.none { padding: 40px 0; color: var(--dim); text-align: center; }

.peers { margin-top: 28px; } .peers th, .peers td { padding: 7px 8px; border-bottom: 1px solid var(--rule); }
.peers thead th { font-size: 12px; color: var(--dim); padding: 4px 8px; } .peers thead th.n { text-align: right; }
.peers tbody th { font-size: 15px; font-weight: 600; } .peers tbody th .dim { font-size: 13px; }
.peers .letter { width: 56px; font-size: 22px; line-height: 1.2; font-weight: 700; color: var(--c); }
.peers .zero { color: color-mix(in srgb, var(--dim) 55%, transparent); } .peers .outcomes { width: 22%; min-width: 60px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 8px 0 14px; font-size: 13px; }
.mark { display: inline-block; min-width: 24px; height: 22px; border-radius: 4px; font: 600 13px/22px var(--mono); text-align: center; color: var(--c, var(--dim)); background: color-mix(in srgb, var(--c, var(--dim)) 12%, transparent); }
.mark.o-pass { background: none; font-weight: 400; } a.mark:hover { text-decoration: none; outline: 1px solid var(--c); }
.scroll { overflow-x: auto; }
.grid { width: auto; min-width: 100%; } .grid th, .grid td { padding: 2px 6px; border-bottom: 1px solid var(--rule); }
.grid td { text-align: center; } .grid td.level { text-align: left; }
.grid thead th { vertical-align: bottom; font-size: 12px; color: var(--dim); } .grid thead .peer { width: 1%; min-width: 36px; height: 88px; padding: 4px 2px; text-align: center; }
.grid .peer a { writing-mode: vertical-rl; transform: rotate(180deg); color: var(--ink); font-weight: 500; max-height: 160px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.grid tbody th { font-weight: 400; position: sticky; left: 0; background: var(--ground); padding-left: 0; min-width: 150px; }
.grid .group th { padding-top: 14px; font-size: 13px; } .grid .group .rfc { position: sticky; left: 0; }
.foot { margin-top: 64px; padding-top: 16px; padding-bottom: 40px; color: var(--dim); font-size: 12px; }

@media (max-width: 900px) {
  .hero { grid-template-columns: auto 1fr; } .tallies { grid-column: 1 / -1; grid-template-columns: repeat(3, 1fr); gap: 20px; padding-top: 18px; }
  .finding { grid-template-columns: minmax(0, 1fr); } .sections { columns: 1; }
}
@media (max-width: 640px) {
  .wide { padding: 0 16px; } .desk { display: none; } h1 { font-size: 21px; } .panel { padding-top: 24px; }
  .hero { gap: 4px 16px; } .hero .letter { width: 68px; height: 68px; border-radius: 12px; font-size: 44px; } .because { font-size: 15px; }
  .facts { grid-column: 1 / -1; } .strip { margin-top: 24px; }
  .peers th, .peers td { padding: 7px 4px; } .peers .letter { width: 34px; } .peers .outcomes { display: none; } .peers tbody th .dim { display: block; font-size: 12px; }
  .case > summary { grid-template-columns: auto auto 1fr auto; } .case .when { grid-column: 1 / -1; grid-row: 2; } .case .time { grid-column: 4; } .case .body { padding-left: 0; }
  .rfc { white-space: normal; }
  .sections .topic { white-space: normal; }
  .filter { position: static; } .filter input { width: 100%; } .filter input + kbd { display: none; } .peers thead th:first-child { visibility: hidden; white-space: nowrap; max-width: 0; } .filter select { max-width: 100%; }
  .sections li { grid-template-columns: 42px minmax(0, 1fr) 64px 44px; }
  .legend .dim { display: none; } .grid td.level, .grid thead th:nth-child(2) { display: none; }
  .wire li { grid-template-columns: 40px 16px minmax(0, 1fr) auto; padding-right: 8px; } .wire pre { grid-column: 1 / -1; padding-left: 8px; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: auto; } .top nav a, button { transition: color .12s, background-color .12s, border-color .12s; } }
@media print {
  :root { --ground: #fff; } .top, .filter, .evidence > summary, .wirehead button { display: none; } .wire { max-height: none; } .finding, .case { break-inside: avoid; } body { font-size: 11px; }
}
`
