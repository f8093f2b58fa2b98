/** A header field; each character of its name and value is one octet (Latin-1). RFC 7541 §1.3 */
export interface Field {
  readonly name: string
  readonly value: string
  /** It came, or is to go, as a literal that no hop may index. RFC 7541 §6.2.3 */
  readonly neverIndexed?: true
}

/** What an entry takes besides its name and value. RFC 7541 §4.1 */
export const ENTRY_OVERHEAD = 32

/** The size of a field as a table entry and in a header list, in octets. RFC 7541 §4.1, RFC 9113 §6.5.2 */
export function fieldSize(field: Field): number {
  return field.name.length + field.value.length + ENTRY_OVERHEAD
}
