import type { Allowance } from './degenerate-allowance.ts'
import { clientAllowances } from './degenerate-client-allowances.ts'
import { serverAllowances } from './degenerate-server-allowances.ts'

/** What each degenerate peer passes: these cases and no others. Those that are not named pass nothing. */
export const allowances: Readonly<Record<'server' | 'client', readonly Allowance[]>> = {
  server: serverAllowances,
  client: clientAllowances,
}
