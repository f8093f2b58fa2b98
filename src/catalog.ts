import dnsSuites from '../suites/dns/index.ts'
import http2Suites from '../suites/http2/index.ts'
import type { PeerRecipe } from '../suites/peers/index.ts'
import { recipes } from '../suites/peers/index.ts'
import type { Protocol, Suite } from './conformance/case.ts'
import { dnsCodecs } from './dns/codecs.ts'
import { dns } from './dns/protocol.ts'
import { hpackCodecs } from './hpack/codecs.ts'
import { http2Codecs } from './http2/codecs.ts'
import { http2 } from './http2/protocol.ts'
import type { CatalogueCodec } from './wire/catalogued.ts'

/** Every protocol, by its own name. */
export const protocols: Readonly<Record<string, Protocol>> = {
  http2,
  dns: dns as Protocol,
}

/** Every codec, by name: `http2/frame`. */
export const codecs: Readonly<Record<string, CatalogueCodec>> = {
  ...hpackCodecs,
  ...http2Codecs,
  ...dnsCodecs,
}

/** Every suite. */
export const suites: readonly Suite[] = [...http2Suites, ...dnsSuites]

/** Every real peer that we can start, by name. */
export const peers: Readonly<Record<string, PeerRecipe>> = recipes
