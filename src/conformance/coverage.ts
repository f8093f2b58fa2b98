import type { Suite } from './case.ts'
import type { Role, Rule } from './rule.ts'
import { boundRoles } from './rule.ts'
import type { RuleState } from './verdict.ts'

/** Says of each rule whether cases test it, nobody could see it, or it is missing, for each role that it binds. */
export function coverage(rules: readonly Rule[], suites: readonly Pick<Suite, 'role' | 'cases'>[]): RuleState[] {
  const tested = new Map<string, number>()
  for (const { role, cases } of suites) {
    for (const { rule } of cases) {
      const key = `${role} ${rule.id}`
      tested.set(key, (tested.get(key) ?? 0) + 1)
    }
  }
  return rules.map(rule => state(rule, role => tested.get(`${role} ${rule.id}`) ?? 0))
}

function state(rule: Rule, cases: (role: Role) => number): RuleState {
  const bound = boundRoles(rule)
  const roles: Partial<Record<Role, RuleState['state']>> = {}
  for (const role of bound) {
    roles[role] = cases(role) > 0 ? 'tested' : rule.unobservable?.[role] === undefined ? 'missing' : 'unobservable'
  }
  const states = Object.values(roles)
  const overall = states.includes('missing') ? 'missing' : states.includes('tested') ? 'tested' : 'unobservable'
  const reasons = [
    ...new Set(bound.filter(role => roles[role] === 'unobservable').map(role => rule.unobservable?.[role])),
  ]
  return {
    id: rule.id,
    spec: rule.spec,
    section: rule.section,
    level: rule.level,
    role: rule.role,
    state: overall,
    ...(reasons.length > 0 ? { reason: reasons.join('; ') } : {}),
    text: rule.text,
    roles,
    cases: bound.reduce((sum, role) => sum + cases(role), 0),
  }
}
