/**
 * Shows the octets of an input that is touched, and marks what it was made of; marks the ways from and to a state. What it
 * shows goes in as text only.
 */
export const CAMPAIGN_SCRIPT = `(function () {
'use strict'
var tree = document.getElementById('tree')
var chosen = document.querySelector('.chosen')
if (!tree || !chosen) return
var dots = Array.from(tree.querySelectorAll('g'))

function choose(dot) {
  dots.forEach(function (each) { each.classList.remove('line') })
  var steps = 0
  for (var at = dot; at; at = at.dataset.from === undefined ? undefined : tree.querySelector('g[data-n="' + at.dataset.from + '"]')) {
    at.classList.add('line')
    steps++
  }
  var code = document.createElement('code')
  code.textContent = dot.dataset.octets
  chosen.replaceChildren(dot.dataset.about + '; generation ' + steps, code)
}

tree.addEventListener('click', function (event) {
  var dot = event.target.closest('g')
  if (dot) choose(dot)
})
tree.addEventListener('pointerover', function (event) {
  var dot = event.target.closest('g')
  if (dot && event.pointerType === 'mouse') choose(dot)
})
// Arrows walk from one to the next.
tree.parentElement.addEventListener('keydown', function (event) {
  var step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
  if (!step || dots.length === 0) return
  event.preventDefault()
  var last = dots.findIndex(function (dot) { return dot.classList.contains('now') })
  dots.forEach(function (dot) { dot.classList.remove('now') })
  var dot = dots[(last + step + dots.length) % dots.length]
  dot.classList.add('now')
  choose(dot)
  dot.scrollIntoView({ block: 'nearest', inline: 'nearest' })
})
})()

;(function () {
'use strict'
var graph = document.getElementById('graph')
if (!graph) return
var states = Array.from(graph.querySelectorAll('.state'))
var ways = Array.from(graph.querySelectorAll('.way'))
var fixed

function choose(state) {
  graph.classList.toggle('chosen-state', Boolean(state))
  var place = state && state.dataset.n
  var near = new Set([place])
  ways.forEach(function (way) {
    var out = Boolean(state) && way.dataset.a === place
    var into = Boolean(state) && way.dataset.b === place && !out
    way.classList.toggle('out', out)
    way.classList.toggle('into', into)
    if (out) near.add(way.dataset.b)
    if (into) near.add(way.dataset.a)
  })
  states.forEach(function (each) { each.classList.toggle('near', near.has(each.dataset.n)) })
}

graph.addEventListener('click', function (event) {
  var state = event.target.closest('.state')
  fixed = state === fixed ? null : state
  choose(fixed)
})
graph.addEventListener('pointerover', function (event) {
  if (event.pointerType !== 'mouse' || fixed) return
  choose(event.target.closest('.state'))
})
})()
`
