/**
 * How strongly a specification speaks (RFC 2119 and RFC 8174). MUST stands for MUST NOT, SHALL and REQUIRED too,
 * SHOULD for SHOULD NOT and RECOMMENDED, MAY for OPTIONAL.
 */
export type Level = 'MUST' | 'SHOULD' | 'MAY'

/** Who is under test. A proxy is tested from both of its sides at once. */
export type Role = 'server' | 'client' | 'proxy'

/** One requirement of a specification: machines honour it, cases test it, reports count it. */
export interface Rule {
  /** `<spec>/<section>/<name>`, for example `rfc9113/6.5/settings-ack-empty`. Never changed once released. */
  readonly id: string
  /** The specification, for example `rfc9113`. */
  readonly spec: string
  /** The section, for example `6.5.2`. */
  readonly section: string
  readonly level: Level
  /** Who is bound: one role, or `both` a server and a client. */
  readonly role: Role | 'both'
  /** The requirement in our own words. */
  readonly text: string
  /** For a role whose breach nobody can see over the wire: why not. */
  readonly unobservable?: Partial<Readonly<Record<Role, string>>>
}

/** A rule as it is written down in a protocol's `rules.ts`; its name is the key it stands under. */
export interface RuleEntry {
  readonly section: string
  readonly level: Level
  readonly role: Role | 'both'
  readonly text: string
  /** A reason for every role that the rule binds, or a reason for each role. */
  readonly unobservable?: string | Partial<Readonly<Record<Role, string>>>
}

/** Whether a machine keeps a rule. A deviant is our machine with one rule taken out. */
export type Honours = (rule: Rule) => boolean

/** Keeps every rule. */
export const honoursAll: Honours = () => true

/** Keeps every rule but these. */
export function ignoring(...rules: readonly Rule[]): Honours {
  const ignored = new Set(rules.map(rule => rule.id))
  return rule => !ignored.has(rule.id)
}

/** The roles a rule binds. */
export function boundRoles(rule: Rule): readonly Role[] {
  return rule.role === 'both' ? ['server', 'client'] : [rule.role]
}

/** Turns `settingsAckEmpty` into `settings-ack-empty`. */
function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()
}

/** Makes the rules of one specification: the key in camelCase becomes the name in the id. */
export function rulebook<const Entries extends Readonly<Record<string, RuleEntry>>>(
  spec: string,
  entries: Entries,
): { readonly [Name in keyof Entries]: Rule } {
  const book = Object.entries(entries).map(([name, { unobservable, ...entry }]): [string, Rule] => {
    const rule: Rule = { id: `${spec}/${entry.section}/${kebab(name)}`, spec, ...entry }
    return [name, unobservable === undefined ? rule : { ...rule, unobservable: reasons(rule, unobservable) }]
  })
  // Not a record that grows rule by rule: the engine makes a hash table of it, and machines that ask for each rule where
  // they keep it are slower: our DNS server takes a twentieth more for each answer that it makes.
  return Object.fromEntries(book) as { readonly [Name in keyof Entries]: Rule }
}

function reasons(rule: Rule, given: NonNullable<RuleEntry['unobservable']>): NonNullable<Rule['unobservable']> {
  return typeof given === 'string' ? Object.fromEntries(boundRoles(rule).map(role => [role, given])) : given
}
