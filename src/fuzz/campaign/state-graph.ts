import { mkdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { filesIn, replace } from './whole-file.ts'

/**
 * Which states of a server follow each other: `states.json` of a campaign's folder, and a file in `states/` for each worker
 * of a queue.
 */
export interface StateGraph {
  readonly nodes: readonly StateNode[]
  readonly edges: readonly StateEdge[]
}

/** What carries a flow (`udp`), an answer (`NOERROR`, `HEADERS 200`, `GOAWAY PROTOCOL_ERROR`), or how it ended (`closed`). */
export interface StateNode {
  readonly id: string
  readonly label: string
}

export interface StateEdge {
  /** Ids of nodes. */
  readonly from: string
  readonly to: string
  /** How often, in all sessions of the campaign. */
  readonly count: number
}

export const NO_STATES: StateGraph = { nodes: [], edges: [] }
const FILE = 'states.json'
const FOLDER = 'states'

/** Counts which words follow each other. */
export class StateCounts {
  readonly #counts = new Map<string, Map<string, number>>()

  /** Takes what was seen of one run, by flow. */
  add(paths: readonly (readonly string[])[]): void {
    for (const path of paths)
      for (let at = 1; at < path.length; at++) this.#count(path[at - 1] ?? '', path[at] ?? '', 1)
  }

  merge(edges: readonly StateEdge[]): void {
    for (const { from, to, count } of edges) this.#count(from, to, count)
  }

  #count(from: string, to: string, count: number): void {
    const after = this.#counts.get(from) ?? new Map<string, number>()
    this.#counts.set(from, after)
    after.set(to, (after.get(to) ?? 0) + count)
  }

  /** All that was counted since this was last asked. */
  take(): StateEdge[] {
    const edges = [...this.#counts].flatMap(([from, after]) => [...after].map(([to, count]) => ({ from, to, count })))
    this.#counts.clear()
    return edges
  }
}

/** A graph with some more edges. */
export function merged(graph: StateGraph, edges: readonly StateEdge[]): StateGraph {
  const counts = new StateCounts()
  counts.merge(graph.edges)
  counts.merge(edges)
  const all = counts.take()
  const labels = new Map(graph.nodes.map(({ id, label }) => [id, label]))
  for (const { from, to } of all) for (const id of [from, to]) if (!labels.has(id)) labels.set(id, id)
  return { nodes: [...labels].map(([id, label]) => ({ id, label })), edges: all }
}

/** The graph of a campaign, of all who worked on it; without nodes where there is none. */
export function readStates(campaign: string): StateGraph {
  const all = [readGraph(fileOf(campaign)), ...statesByName(campaign).values()]
  return merged(
    { nodes: all.flatMap(({ nodes }) => nodes), edges: [] },
    all.flatMap(({ edges }) => edges),
  )
}

/** What each who has a name has counted. */
export function statesByName(campaign: string): Map<string, StateGraph> {
  const names = filesIn(join(campaign, FOLDER)).map(file => basename(file, '.json'))
  return new Map(names.map(name => [name, readGraph(fileOf(campaign, name))]))
}

/** Replaces what is counted by a name, or without one: each adds to his own alone. */
export function putStates(campaign: string, name: string | undefined, graph: StateGraph): void {
  const path = fileOf(campaign, name)
  mkdirSync(dirname(path), { recursive: true })
  replace(path, `${JSON.stringify(graph, undefined, 1)}\n`)
}

/** How often any state followed any. */
export function totalOf({ edges }: StateGraph): number {
  return edges.reduce((sum, { count }) => sum + count, 0)
}

/** Adds what was counted since the last time to the graph of a campaign, or to what is counted there by a name. */
export function saveStates(campaign: string, counts: StateCounts, name?: string): void {
  const edges = counts.take()
  if (edges.length > 0) putStates(campaign, name, merged(readGraph(fileOf(campaign, name)), edges))
}

function fileOf(campaign: string, name?: string): string {
  return name === undefined ? join(campaign, FILE) : join(campaign, FOLDER, `${name}.json`)
}

function readGraph(path: string): StateGraph {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StateGraph
  } catch {
    return NO_STATES
  }
}
