/** A store with a fault that only eight operations in the right order reach, and what each operation is. */
export type Operation =
  | { readonly kind: 'open'; readonly name: number }
  | { readonly kind: 'write'; readonly octets: number }
  | { readonly kind: 'seek'; readonly to: number }
  | { readonly kind: 'sync' }
  | { readonly kind: 'close' }

class Store {
  step = 0

  apply(operation: Operation): void {
    if (this.isNext(operation)) this.step++
    else if (operation.kind === 'close') this.step = 0
    if (this.step === 8) throw new Error('the store is broken')
  }

  isNext(operation: Operation): boolean {
    switch (this.step) {
      case 0:
        return operation.kind === 'open' && operation.name === 7
      case 1:
        return operation.kind === 'write' && operation.octets > 100
      case 2:
        return operation.kind === 'sync'
      case 3:
        return operation.kind === 'seek' && operation.to === 42
      case 4:
        return operation.kind === 'write' && operation.octets === 1
      case 5:
        return operation.kind === 'open' && operation.name === 13
      case 6:
        return operation.kind === 'seek' && operation.to === 0
      default:
        return operation.kind === 'sync'
    }
  }
}

export const planted = {
  run(operations: readonly Operation[]): void {
    const store = new Store()
    for (const operation of operations) store.apply(operation)
  },
}
