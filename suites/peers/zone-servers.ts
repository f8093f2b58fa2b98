import type { Health } from '../../src/conformance/peer.ts'
import type { ZoneFile, ZoneServer } from '../../src/dns/differential/zone-subject.ts'
import { dns } from '../../src/dns/protocol.ts'
import { bind9 } from './bind9.ts'
import { knot } from './knot.ts'
import { nsd } from './nsd.ts'
import { pdns } from './pdns.ts'
import type { ServerRecipe } from './peer-recipe.ts'
import { startPeer } from './start-peer.ts'

/** How an authority is given zones besides the one that its recipe knows. */
interface ZoneRecipe {
  readonly recipe: ServerRecipe
  /** The file of its configuration that has zones. */
  readonly file: string
  /** The line there that more can stand behind; the last unless said. */
  readonly behind?: string
  /** What is added there for one. */
  readonly clause: (zone: { readonly name: string; readonly path: string }) => string
}

/** Whether a zone makes sense is for us to ask: servers that check more than they must are told not to. */
const LENIENT = `check-names ignore; check-integrity no; check-mx ignore; check-mx-cname ignore; check-srv-cname ignore;
  check-sibling no; check-wildcard no;`

const all: readonly ZoneRecipe[] = [
  {
    recipe: bind9,
    file: 'named.conf',
    behind: 'view "zones" IN {\n',
    clause: ({ name, path }) => `zone "${name}" { type primary; file "${path}"; ${LENIENT} };\n`,
  },
  {
    recipe: knot,
    file: 'knot.conf',
    clause: ({ name, path }) =>
      `  - domain: ${name}\n    file: "${path}"\n    zonefile-sync: -1\n    journal-content: none\n`,
  },
  {
    recipe: nsd,
    file: 'nsd.conf',
    clause: ({ name, path }) => `zone:\n    name: ${name}\n    zonefile: "${path}"\n`,
  },
  {
    recipe: pdns,
    file: 'bind.conf',
    clause: ({ name, path }) => `zone "${name}" { type master; file "${path}"; };\n`,
  },
]

/** Authorities that can be given many small zones, by name. */
export const zoneServers: readonly string[] = all.map(({ recipe }) => recipe.name)

/** Whether one of them is installed. */
export function isInstalled(name: string): boolean {
  return recipeNamed(name).recipe.program() !== undefined
}

function recipeNamed(name: string): ZoneRecipe {
  const found = all.find(({ recipe }) => recipe.name === name)
  if (!found) throw new Error(`no server ${name} that takes zones`)
  return found
}

/** Starts a server with these zones. One that it does not take is for it to say, when it is asked. */
export async function startZoneServer(name: string, zones: readonly ZoneFile[]): Promise<ZoneServer> {
  const peer = await startPeer(withZones(recipeNamed(name), zones), dns, { scheme: 'dns' })
  return {
    open: () => peer.open({ transport: 'udp' }),
    async died() {
      const health: Health = await peer.health()
      return health.alive ? undefined : health.how
    },
    revive: async () => await peer.revive?.(),
    close: () => peer.close(),
  }
}

function withZones({ recipe, file, behind, clause }: ZoneRecipe, zones: readonly ZoneFile[]): ServerRecipe {
  return {
    ...recipe,
    files(setting) {
      const files = recipe.files?.(setting) ?? {}
      const paths = zones.map((_, i) => `zones/${i}.zone`)
      const clauses = zones.map(({ apex }, i) =>
        clause({ name: apex === '.' ? '.' : apex.slice(0, -1), path: `${setting.folder}/${paths[i]}` }),
      )
      return {
        ...files,
        ...Object.fromEntries(zones.map(({ text }, i) => [paths[i], text])),
        [file]: inserted(files[file] ?? '', behind, clauses.join('')),
      }
    },
  }
}

function inserted(text: string, behind: string | undefined, more: string): string {
  if (behind === undefined) return text + more
  if (!text.includes(behind)) throw new Error(`the configuration has no line '${behind.trim()}'`)
  return text.replace(behind, () => behind + more)
}
