import { existsSync } from 'node:fs'

/** Where a Chromium is; without one there is nothing to open a page in: scripts/peers chromium installs Debian's. */
export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path =>
  existsSync(path),
)

/** What keeps a browser from talking to anyone by itself. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** How it is launched. */
export const LAUNCH = { ...(CHROMIUM ? { executablePath: CHROMIUM } : {}), args: ARGS }
