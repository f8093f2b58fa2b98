import { apache2 } from './apache2.ts'
import { bind9 } from './bind9.ts'
import { caddy } from './caddy.ts'
import { curl } from './curl.ts'
import { dig } from './dig.ts'
import { dnsmasq } from './dnsmasq.ts'
import { h2o } from './h2o.ts'
import { haproxy } from './haproxy.ts'
import { kdig } from './kdig.ts'
import { knot } from './knot.ts'
import { lighttpd } from './lighttpd.ts'
import { nghttp } from './nghttp.ts'
import { nghttpd } from './nghttpd.ts'
import { nginx } from './nginx.ts'
import { node } from './node.ts'
import { nodeClient } from './node-client.ts'
import { nodeResolver } from './node-resolver.ts'
import { nsd } from './nsd.ts'
import { ownResolver } from './own-resolver.ts'
import { pdns } from './pdns.ts'
import { pdnsRecursor } from './pdns-recursor.ts'
import type { PeerRecipe } from './peer-recipe.ts'
import { unbound } from './unbound.ts'
import { undici } from './undici.ts'

export type { ClientRecipe, PeerRecipe, ServerRecipe } from './peer-recipe.ts'
export { installedVersion } from './peer-recipe.ts'
export { clientBy, joined, namesPlace, serverBy } from './reach.ts'
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
  bind9,
  knot,
  nsd,
  pdns,
  dnsmasq,
  unbound,
  pdnsRecursor,
  curl,
  nghttp,
  nodeClient,
  undici,
  dig,
  kdig,
  nodeResolver,
  ownResolver,
]

/** How each real peer is started, by name: servers first. */
export const recipes: Readonly<Record<string, PeerRecipe>> = Object.fromEntries(all.map(one => [one.name, one]))
