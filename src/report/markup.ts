import { visible } from './visible.ts'

/** HTML that is safe as it stands. Made only by `markup` and `trusted`. */
export class Markup {
  readonly html: string

  constructor(html: string) {
    this.html = html
  }
}

/** What may stand in a template: text is escaped, markup is not, lists are joined, and nothing stands for nothing. */
export type Value = string | number | Markup | undefined | false | readonly Value[]

/** A template of HTML: whatever is put in is text, unless it is markup already. Attribute values stand in double quotes. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(strings.map((string, i) => string + (i < values.length ? rendered(values[i]) : '')).join(''))
}

/** Takes text for HTML: only for what we wrote ourselves, or have made safe. */
export function trusted(html: string): Markup {
  return new Markup(html)
}

function rendered(value: Value): string {
  if (value === undefined || value === false) return ''
  if (value instanceof Markup) return value.html
  if (typeof value === 'object') return value.map(rendered).join('')
  return escaped(String(value))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text such that it is nothing but text, between tags and in quoted attributes. */
function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, character => ENTITIES[character] ?? '')
}
