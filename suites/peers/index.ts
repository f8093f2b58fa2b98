import { apache2 } from './apache2.ts'
import { caddy } from './caddy.ts'
import { curl } from './curl.ts'
import { h2o } from './h2o.ts'
import { haproxy } from './haproxy.ts'
import { lighttpd } from './lighttpd.ts'
import { nghttp } from './nghttp.ts'
import { nghttpd } from './nghttpd.ts'
import { nginx } from './nginx.ts'
import { node } from './node.ts'
import { nodeClient } from './node-client.ts'
import type { PeerRecipe } from './peer-recipe.ts'
import { undici } from './undici.ts'

export type { ClientRecipe, PeerRecipe, ServerRecipe, Transport } from './peer-recipe.ts'
export { installedVersion } from './peer-recipe.ts'
export type { StartedPeer, StartOptions } from './start-peer.ts'
export { startPeer } from './start-peer.ts'

const all: readonly PeerRecipe[] = [
  nghttpd,
  nginx,
  h2o,
  apache2,
  caddy,
  haproxy,
  lighttpd,
  node,
  curl,
  nghttp,
  nodeClient,
  undici,
]

/** How each real peer is started, by name: servers first. */
export const recipes: Readonly<Record<string, PeerRecipe>> = Object.fromEntries(all.map(one => [one.name, one]))
