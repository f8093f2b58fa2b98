/** How a command ended, and what it wrote. */
export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command in this process, and keeps what it writes. */
export async function heard(does: () => Promise<number>): Promise<Ended> {
  const read = { stdout: '', stderr: '' }
  const streams = ['stdout', 'stderr'] as const
  const before = streams.map(name => process[name].write)
  for (const name of streams) {
    process[name].write = (text: string | Uint8Array) => {
      read[name] += text
      return true
    }
  }
  try {
    const status = await does()
    return { status, ...read }
  } finally {
    for (const [i, name] of streams.entries()) process[name].write = before[i] as typeof process.stdout.write
  }
}
