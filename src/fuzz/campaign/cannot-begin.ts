/** A target that cannot begin, or not go on: the message is the target's, for a user. */
export class CannotBegin extends Error {
  override readonly name = 'CannotBegin'
}
