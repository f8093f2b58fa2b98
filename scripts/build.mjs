// Makes dist/ from src/ and suites/: JavaScript, declarations, and the files that code reads as it runs.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))

rmSync(dist, { recursive: true, force: true })
execFileSync(process.execPath, [join(typescript, 'bin/tsc'), '-p', join(root, 'scripts/tsconfig.build.json')], {
  stdio: 'inherit',
})

// Code finds its data beside itself (import.meta.url), in the checkout and here alike.
for (const folder of ['src', 'suites']) {
  for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
    const data = /\.(c|json|css|html|txt|mjs|pem|zone)$/.test(name) || /^peers\/known\//.test(name)
    if (data && !/\.(test|fixture)\.(?!zone$)/.test(name)) cpSync(join(root, folder, name), join(dist, folder, name))
  }
}
chmodSync(join(dist, 'src/cli/main.js'), 0o755)
