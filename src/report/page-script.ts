/** Runs before the page is shown, so that it does not show all subjects first. */
export const EARLY_SCRIPT = `document.documentElement.classList.add('js')`

/**
 * Search, filters, links to a case, and transcripts. The fragment of the address is the only state: `#overview`, or
 * `#peer=nginx&outcome=fail,weak&level=MUST&section=rfc9113:6.5&q=settings&case=<id>`. Whatever came from a peer goes in as
 * text only.
 */
export const PAGE_SCRIPT = String.raw`(function () {
'use strict'
var panels = Array.from(document.querySelectorAll('.panel'))
var evidence
var calm = matchMedia('(prefers-reduced-motion: reduce)').matches

function read() {
  var text = location.hash.slice(1)
  var state = new URLSearchParams(text)
  var panel = panels.find(function (panel) { return panel.dataset.peer !== undefined && panel.dataset.peer === state.get('peer') })
  return { panel: panel || panels[0], state: state, overview: !panel }
}

function address(state) {
  return '#' + state.toString().replace(/%2F/g, '/').replace(/%2C/g, ',').replace(/%3A/g, ':')
}

// The address follows what is chosen without a step back for each key.
function write(panel, change) {
  var state = read().state
  state.set('peer', panel.dataset.peer)
  Object.keys(change).forEach(function (key) {
    if (change[key]) state.set(key, change[key])
    else state.delete(key)
  })
  history.replaceState(null, '', address(state))
  return state
}

function list(state, key) {
  return (state.get(key) || '').split(',').filter(Boolean)
}

function filter(panel, state) {
  var words = (state.get('q') || '').toLowerCase().split(/\s+/).filter(Boolean)
  var outcomes = list(state, 'outcome')
  var levels = list(state, 'level')
  var section = state.get('section')
  var shown = 0
  panel.querySelectorAll('.cases .group').forEach(function (group) {
    var some = false
    group.querySelectorAll('.case').forEach(function (row) {
      if (row.words === undefined) row.words = (row.textContent + ' ' + group.firstElementChild.textContent).toLowerCase()
      var fits = (outcomes.length === 0 || outcomes.includes(row.dataset.outcome)) &&
        (levels.length === 0 || levels.includes(row.dataset.level)) &&
        (!section || section === group.dataset.section) &&
        words.every(function (word) { return row.words.includes(word) })
      row.hidden = !fits
      if (fits) { some = true; shown++ }
    })
    group.hidden = !some
  })
  var all = panel.querySelectorAll('.case').length
  panel.querySelector('.cases .count').textContent = shown === all ? String(all) : shown + ' of ' + all
  panel.querySelector('.none').hidden = shown > 0
  panel.querySelectorAll('.chip').forEach(function (chip) {
    var chosen = chip.dataset.outcome ? outcomes.includes(chip.dataset.outcome) : levels.includes(chip.dataset.level)
    chip.setAttribute('aria-pressed', String(chosen))
  })
  var input = panel.querySelector('input')
  if (document.activeElement !== input) input.value = state.get('q') || ''
  panel.querySelector('select').value = section || ''
}

function show() {
  var now = read()
  panels.forEach(function (panel) { panel.classList.toggle('current', panel === now.panel) })
  document.querySelectorAll('nav a').forEach(function (link) {
    var here = link.hash === (now.overview ? '#overview' : '#peer=' + now.panel.dataset.peer)
    if (here) {
      link.setAttribute('aria-current', 'page')
      link.parentElement.scrollLeft = link.offsetLeft - link.parentElement.offsetLeft - 40
    } else link.removeAttribute('aria-current')
  })
  if (now.panel.dataset.peer === undefined) { scrollTo(0, 0); return }
  filter(now.panel, now.state)
  now.panel.querySelectorAll('details.evidence[open]').forEach(transcribe)
  var id = now.state.get('case')
  now.panel.querySelectorAll('.linked').forEach(function (row) { row.classList.remove('linked') })
  var row = id && Array.from(now.panel.querySelectorAll('.case')).find(function (row) { return row.dataset.id === id })
  if (row) {
    row.hidden = false
    row.parentElement.hidden = false
    row.open = true
    row.classList.add('linked')
    transcribe(row)
    reveal(row)
    row.firstElementChild.focus({ preventScroll: true })
  } else if (['outcome', 'level', 'section', 'q'].some(function (key) { return now.state.has(key) })) {
    reveal(now.panel.querySelector('.cases'))
  } else scrollTo(0, 0)
}

function reveal(element) {
  var top = element.getBoundingClientRect().top + scrollY
  scrollTo({ top: top - (element.matches('.case') ? 150 : 24), behavior: calm ? 'instant' : 'auto' })
}

function element(name, kind, text) {
  var made = document.createElement(name)
  if (kind) made.className = kind
  if (text !== undefined) made.textContent = text
  return made
}

// Puts the transcript into a place for it, once.
function transcribe(holder) {
  var place = holder.matches('.evidence') ? holder : holder.querySelector('.evidence')
  if (!place || place.querySelector('.wire')) return
  if (!evidence) evidence = JSON.parse(document.getElementById('evidence').textContent)
  var panel = place.closest('.panel')
  var entries = evidence.t[panel.dataset.index][place.dataset.case]
  var head = element('div', 'wirehead')
  head.append(element('span', '', '→ we sent'), element('span', '', '← it sent'))
  var wire = element('div', 'wire')
  wire.tabIndex = 0
  wire.setAttribute('role', 'region')
  wire.setAttribute('aria-label', 'Transcript')
  var lines = element('ol')
  var some = false
  entries.forEach(function (entry) {
    if (typeof entry === 'number') {
      var more = element('li')
      more.append(element('span'), element('span'), element('span', 'event', entry + ' more in report.json'))
      lines.append(more)
      return
    }
    var hex = evidence.s[entry[3]]
    var line = element('li', entry[1] ? 'subject' : 'tester')
    var way = element('span', 'way', entry[1] ? '←' : '→')
    way.setAttribute('aria-label', entry[1] ? 'it sent' : 'we sent')
    way.setAttribute('role', 'img')
    line.append(element('span', 'at', entry[0].toFixed(entry[0] < 100 ? 2 : 0)), way,
      element('span', entry[2] ? 'says' : 'says event', evidence.s[entry[4]]), element('span', 'size', entry[2] ? String(entry[2]) : ''))
    if (hex) { line.append(element('pre', '', dump(hex, entry[2]))); some = true }
    lines.append(line)
  })
  if (some) {
    var button = element('button', 'hex', 'hex')
    button.type = 'button'
    button.setAttribute('aria-pressed', 'false')
    button.addEventListener('click', function () {
      button.setAttribute('aria-pressed', String(wire.classList.toggle('hexed')))
    })
    head.append(button)
  }
  wire.append(lines)
  place.append(head, wire)
}

// Offset, sixteen octets, and what of them is ASCII.
function dump(hex, octets) {
  var lines = []
  for (var at = 0; at < hex.length; at += 32) {
    var pairs = hex.slice(at, at + 32).match(/../g)
    var text = pairs.map(function (pair) {
      var code = parseInt(pair, 16)
      return code > 31 && code < 127 ? String.fromCharCode(code) : '.'
    }).join('')
    var left = pairs.slice(0, 8).join(' ') + '  ' + pairs.slice(8).join(' ')
    lines.push((at / 2).toString(16).padStart(4, '0') + '  ' + left.padEnd(48) + '  ' + text)
  }
  if (hex.length / 2 < octets) lines.push('… ' + (octets - hex.length / 2) + ' more')
  return lines.join('\n')
}

document.addEventListener('toggle', function (event) {
  if (event.target.open && event.target.matches('.evidence, .case')) transcribe(event.target)
}, true)

document.addEventListener('input', function (event) {
  var panel = event.target.closest('.panel')
  if (!panel) return
  var change = event.target.matches('select') ? { section: event.target.value } : { q: event.target.value.trim() }
  change['case'] = ''
  filter(panel, write(panel, change))
})

document.addEventListener('click', function (event) {
  var chip = event.target.closest('.chip')
  if (chip) {
    var key = chip.dataset.outcome ? 'outcome' : 'level'
    var value = chip.dataset[key]
    var panel = chip.closest('.panel')
    var chosen = list(read().state, key)
    chosen = chosen.includes(value) ? chosen.filter(function (one) { return one !== value }) : chosen.concat(value)
    var change = { 'case': '' }
    change[key] = chosen.join(',')
    filter(panel, write(panel, change))
    return
  }
  // The same link again: the address does not change, but one wants to go there.
  var link = event.target.closest('a[href^="#"]')
  if (link && link.hash === location.hash) show()
})

document.addEventListener('submit', function (event) { event.preventDefault() })

document.addEventListener('keydown', function (event) {
  var input = document.querySelector('.panel.current input')
  if (!input || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === '/' && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
    event.preventDefault()
    input.focus()
    input.select()
  } else if (event.key === 'Escape' && (document.activeElement === input || read().state.has('q'))) {
    input.value = ''
    input.blur()
    var panel = input.closest('.panel')
    filter(panel, write(panel, { q: '' }))
  }
})

addEventListener('hashchange', function () { if (location.hash !== '#content') show() })
show()
})()`
