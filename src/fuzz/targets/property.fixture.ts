import fc from 'fast-check'

const operations = fc.array(fc.constantFrom('push', 'pop'), { maxLength: 40, size: 'max' })

/** A queue that takes no more than six, and says nothing. */
export const queue = fc.property(operations, list => {
  const items: number[] = []
  let depth = 0
  for (const operation of list) {
    if (operation === 'push') {
      depth++
      if (depth <= 6) items.push(depth)
    } else if (depth > 0) {
      if (items.pop() === undefined) throw new Error(`one of ${depth} was lost`)
      depth--
    }
  }
})

export const late = fc.asyncProperty(fc.nat({ max: 3 }), async number => {
  await Promise.resolve()
  fc.pre(number !== 1)
  if (number === 2) throw new TypeError('two')
  if (number === 3) throw new RangeError('three')
})

export const none = 7
