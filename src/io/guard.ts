import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'

/**
 * What the guard does: it hears which process groups and folders are ours, one a line, and which are no more, and clears up
 * what is left as soon as it hears nothing more.
 */
const SCRIPT = `
groups=' '
while IFS= read -r line; do
  name=\${line#??}
  case $line in
    +g*) groups="$groups$name " ;;
    -g*) case $groups in *" $name "*) groups="\${groups%% "$name" *} \${groups#* "$name" }" ;; esac ;;
    +f*) set -- "$@" "$name" ;;
    -f*) for each; do shift; [ "$each" = "$name" ] || set -- "$@" "$each"; done ;;
  esac
done
for group in $groups; do kill -KILL "-$group"; done
for again in 1 2 3; do
  rm -rf -- "$@" && break
  sleep 0.1
done
`

let pipe: Socket | undefined

/**
 * Tells a process of its own what is to go with us even where we cannot see to it: where we are killed, or, in a worker
 * thread, ended from outside. There is one for each thread, from the first call on. It costs some ms once, then a write.
 */
export function tellGuard(what: '+g' | '-g' | '+f' | '-f', name: string | number): void {
  pipe ??= startGuard()
  // A short write to a pipe is done at once.
  pipe?.write(`${what}${name}\n`)
}

function startGuard(): Socket | undefined {
  if (process.platform === 'win32') return undefined
  // In a session of its own: what ends us from a terminal does not end it before its time.
  const guard = spawn('/bin/sh', ['-c', SCRIPT, 'guard'], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.on('error', () => {})
  guard.unref()
  const { stdin } = guard
  stdin.on('error', () => {})
  ;(stdin as Socket).unref()
  return stdin as Socket
}
