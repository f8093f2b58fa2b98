import type { CatalogueCodec } from '../../wire/catalogued.ts'
import { roundTrip } from '../../wire/laws.ts'
import { type Property, propertySubject } from '../engine/property.ts'
import type { Target } from '../target.ts'
import { exported, isRefusal, moduleOptions } from './module.ts'

/** The property of a codec that what can be written is read as it was, over all the values that its arbitrary invents. */
export function roundTripTarget(name: string, line: CatalogueCodec): Target {
  return {
    name: `property:${name}`,
    about: `${line.about}: what is written is read as it was`,
    deterministic: true,
    start: () => Promise.resolve(propertySubject(roundTrip(line))),
  }
}

/** The target of `property:FILE#EXPORT`: anybody's property, as `fc.property` or `fc.asyncProperty` gives it. */
export function propertyNamed(name: string, allow: readonly string[]): Target {
  const options = moduleOptions(name, allow)
  return {
    name,
    about: `${options.export || 'the property'} of ${options.file}`,
    deterministic: true,
    async start() {
      const { value } = await exported(options, isProperty, 'property of fast-check')
      const refusals = new Set(options.allow)
      return propertySubject(value, error => isRefusal(error, refusals))
    },
  }
}

function isProperty(value: unknown): value is Property<unknown> {
  const { generate, run } = (value ?? {}) as Partial<Property<unknown>>
  return typeof generate === 'function' && typeof run === 'function'
}
