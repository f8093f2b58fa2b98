/** What a page of a campaign has besides the style of all reports: see `PAGE_STYLE`. */
export const FUZZ_STYLE = `
:root { --yes: #dff3e6; --no: #fbe1df; --given: #7d8590; --compared: #1f66d0; --length: #7d3fc4; --structure: #15803d; --chance: #c2620a; --trim: #b02a7c; --other: #8a7a12; }
@media (prefers-color-scheme: dark) {
  :root { --yes: #16301f; --no: #46201f; --given: #8d959f; --compared: #6aa5ff; --length: #b78af0; --structure: #5cc487; --chance: #f0974a; --trim: #f07fc0; --other: #cdbb4a; }
}
main.wide { padding-top: 28px; padding-bottom: 48px; }
section > p { margin: 4px 0 12px; max-width: 90ch; }
.numbers { display: flex; flex-wrap: wrap; gap: 12px 36px; margin-top: 16px; }
.numbers dt { color: var(--dim); font-size: 12px; } .numbers dd { font-size: 20px; font-weight: 600; line-height: 1.3; } .numbers .bad { color: var(--fail); }
.found h3 { color: var(--fail); font-size: 15px; } .fleeting h3 { color: var(--dim); } article.found { border-top: 1px solid var(--rule); padding: 14px 0 16px; }
article.found:first-of-type { margin-top: 12px; }
pre { margin: 8px 0 0; padding: 8px 12px; overflow-x: auto; background: var(--sheet); border: 1px solid var(--rule); border-radius: 6px; font: 12px/1.55 var(--mono); }
pre.octets { white-space: pre-wrap; } .found details { margin-top: 8px; } summary { color: var(--dim); }
.growths { display: grid; grid-template-columns: 1fr 1fr; gap: 24px 40px; margin-top: 12px; }
.growth { margin: 0; min-width: 0; } .growth figcaption { color: var(--dim); } .growth b { color: var(--ink); margin-left: 6px; }
.growth svg { display: block; width: 100%; height: 150px; margin-top: 6px; border-bottom: 1px solid var(--rule); }
.growth path { fill: none; vector-effect: non-scaling-stroke; } .growth .grown { stroke: var(--accent); stroke-width: 2; }
.growth .under { fill: color-mix(in srgb, var(--accent) 10%, transparent); } .growth .found { stroke: var(--fail); stroke-width: 1.5; }
.axis { display: flex; justify-content: space-between; color: var(--dim); font-size: 12px; line-height: 20px; }
.w-given { --c: var(--given); } .w-compared { --c: var(--compared); } .w-length { --c: var(--length); } .w-structure { --c: var(--structure); }
.w-chance { --c: var(--chance); } .w-trim { --c: var(--trim); } .w-other { --c: var(--other); }
.ways { margin: 8px 0 16px; } .ways th, .ways td { padding: 5px 8px; border-bottom: 1px solid var(--rule); vertical-align: top; }
.ways th:first-child { padding-left: 0; } .ways thead th { color: var(--dim); font-size: 12px; } .ways .means { display: block; font-size: 12px; padding-left: 15px; }
.ways .bars { width: 22%; vertical-align: middle; } .ways tbody th { font-weight: 600; } .bar rect { fill: var(--f, var(--c, var(--accent))); }
.tree, .states { overflow: auto; max-height: 560px; background: var(--sheet); border: 1px solid var(--rule); border-radius: 6px; }
.states { max-height: none; } .tree svg, .states svg { display: block; }
.tree circle { fill: var(--c); stroke: var(--sheet); stroke-width: 1; cursor: pointer; } .tree .edges { fill: none; stroke: var(--dim); stroke-opacity: .35; }
.tree text { fill: var(--dim); font: 10px var(--mono); paint-order: stroke; stroke: var(--sheet); stroke-width: 3px; } .tree .line circle { stroke: var(--ink); stroke-width: 2; }
.chosen { display: block; margin-top: 8px; padding: 8px 12px; min-height: 58px; border: 1px solid var(--rule); border-radius: 6px; font: 12px/1.6 var(--mono); color: var(--dim); } .chosen code { display: block; color: var(--ink); }
html:not(.js) .chosen { display: none; }
.states svg { margin: 0 auto; } .state { cursor: pointer; } .state circle { fill: var(--ink); } .state text { fill: var(--ink); font: 12px var(--mono); paint-order: stroke; stroke: var(--sheet); stroke-width: 4px; }
.way { fill: none; stroke: var(--ink); } .after { color: var(--compared); } .before { color: var(--chance); }
.chosen-state .way { stroke-opacity: .04; } .chosen-state .way.into { stroke: var(--chance); stroke-opacity: .85; } .chosen-state .way.out { stroke: var(--compared); stroke-opacity: .85; } .chosen-state .state:not(.near) { opacity: .35; }
.key { margin-left: 10px; white-space: nowrap; } mark { color: inherit; padding: 1px 4px; border-radius: 3px; } mark.yes { background: var(--yes); } mark.no, .source mark { background: var(--no); }
.file { border-top: 1px solid var(--rule); }
.file > summary { display: grid; grid-template-columns: minmax(0, 1fr) 180px 48px 84px; gap: 10px; align-items: center; padding: 5px 0; color: var(--ink); list-style: none; }
.file > summary::-webkit-details-marker { display: none; } .file > summary:hover { background: var(--faint); } .file .name { font: 12px/20px var(--mono); }
.file .name::before { content: "\\25b8"; color: var(--dim); display: inline-block; width: 14px; } .file[open] .name::before { content: "\\25be"; }
.file .bar { background: var(--no); } .file > p { margin: 4px 0 8px 14px; }
.source { max-height: 70vh; overflow: auto; padding: 6px 0; margin: 0 0 12px; }
.source > span { display: block; width: max-content; min-width: 100%; padding-right: 12px; } .source b { display: inline-block; width: 46px; padding-right: 10px; margin-right: 10px; text-align: right; font-weight: 400; color: var(--dim); border-right: 3px solid transparent; user-select: none; }
.source .yes b { border-color: var(--pass-fill); } .source .some b { border-color: var(--weak-fill); } .source .no b { border-color: var(--fail-fill); } .source .no { background: var(--no); }
.source mark { padding: 1px 0; border-radius: 2px; } .source i { color: var(--dim); }
@media (max-width: 640px) {
  main.wide { padding-top: 18px; } .growths { grid-template-columns: minmax(0, 1fr); } .numbers { gap: 10px 24px; } .numbers dd { font-size: 17px; }
  .ways .bars { display: none; } .file > summary { grid-template-columns: minmax(0, 1fr) 40px 72px; } .file > summary .bar { grid-column: 1 / -1; grid-row: 2; }
  .key { margin-left: 0; display: block; }
}
@media print { .tree, .source { max-height: none; overflow: visible; } }
`
