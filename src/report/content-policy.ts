import { createHash } from 'node:crypto'

/** What a page may do: only these scripts and this style of ours, by their digests; nothing from anywhere, nowhere to send to. */
export function contentPolicy(scripts: readonly string[], style: string): string {
  const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return [
    "default-src 'none'",
    `script-src ${scripts.map(digest).join(' ')}`,
    `style-src ${digest(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}
