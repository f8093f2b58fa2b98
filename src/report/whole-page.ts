import { contentPolicy } from './content-policy.ts'
import { type Markup, markup, trusted } from './markup.ts'
import { EARLY_SCRIPT } from './page-script.ts'

export interface WholePage {
  readonly title: string
  readonly style: string
  readonly body: Markup
  /** Runs when all of the body is there. */
  readonly script: string
}

/** A file that needs no other. Its content security policy lets only our own style and scripts run. */
export function wholePage({ title, style, body, script }: WholePage): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy([EARLY_SCRIPT, script], style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
<script>${trusted(EARLY_SCRIPT)}</script>
</head>
<body>
${body}
<script>${trusted(script)}</script>
</body>
</html>
`
  return page.html
}
