import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CatalogueCodec } from '../../wire/catalogued.ts'
import type { Codec } from '../../wire/codec.ts'
import { WireError } from '../../wire/errors.ts'
import { SeededChance } from '../chance.ts'
import { diffTarget, type KnownReason } from './diff.ts'
import { shortNames, subjectsOf } from './diff-name.ts'
import { codecReader, moduleReader, type ReaderTarget } from './diff-reader.ts'

const DECODERS = fileURLToPath(new URL('diff.fixture.cjs', import.meta.url))

/** Two octets; the other one is wrong about some of them. */
function pair(planted: boolean): CatalogueCodec {
  const codec: Codec<{ kind: number; size: bigint }> = {
    any: fc.record({ kind: fc.nat({ max: 9 }), size: fc.bigInt({ min: 0n, max: 9n }) }),
    read(reader) {
      const kind = reader.u8()
      if (planted && kind === 100) throw new WireError('malformed', `no kind ${kind}`, 0, ['kind'])
      if (planted && kind === 101) throw new TypeError('it is 101')
      const size = BigInt(reader.u8())
      return { kind, size: planted && size > 99n ? 99n : size }
    },
    write(writer, { kind, size }) {
      writer.u8(kind)
      writer.u8(Number(size))
    },
  }
  return { about: 'planted', codec: codec as Codec<unknown> }
}

const right = codecReader('right', pair(false))
const wrong = codecReader('wrong', pair(true))
const module = (name: string): ReaderTarget => moduleReader({ file: DECODERS, export: name, allow: ['Refusal'] })

async function outcome(octets: readonly number[], subjects: readonly ReaderTarget[], known?: KnownReason) {
  const subject = await diffTarget({ name: 'diff:', subjects, comparing: 'value', known }).start()
  return await subject.run(Uint8Array.from(octets))
}

const signature = (text: string) => ({
  kind: 'find',
  find: { kind: 'disagreement', signature: `disagreement | ${text}` },
})

describe('decoders side by side', () => {
  it('are taken to agree on what both accept, and on what both refuse', async () => {
    expect(await outcome([1, 2], [right, wrong])).toEqual({ kind: 'accepted' })
    expect(await outcome([1], [right, wrong])).toEqual({ kind: 'refused' })
    const same = codecReader('same', pair(false))
    for (let octet = 0; octet < 256; octet++)
      expect(await outcome([octet, octet], [right, same])).toEqual({ kind: 'accepted' })
  })

  it('disagree on what one refuses', async () => {
    const found = await outcome([100, 0], [right, wrong])
    expect(found).toMatchObject(signature('right accepts; wrong refuses (malformed in kind: no kind #)'))
    expect(found).toMatchObject({
      find: {
        said: ['right  accepts { kind: 100, size: 0 }', 'wrong  refuses: malformed in kind at octet 0: no kind 100'],
      },
    })
  })

  it('disagree on what they make of it', async () => {
    expect(await outcome([1, 100], [right, wrong])).toMatchObject(signature('right != wrong at size'))
    expect(await outcome([1, 100], [right, wrong, module('same')])).toMatchObject(
      signature('right = diff.fixture#same != wrong at size'),
    )
  })

  it('throw what is their own find', async () => {
    expect(await outcome([101, 0], [right, wrong])).toMatchObject({
      kind: 'find',
      find: { kind: 'crash', title: 'wrong: TypeError: it is 101' },
    })
    expect(await outcome([7, 0], [right, module('throws')])).toMatchObject({
      kind: 'find',
      find: { kind: 'crash', title: expect.stringMatching(/diff\.fixture\.cjs#throws: TypeError: no seven/) },
    })
  })

  it('are modules too, whose promises are waited for, and who may say nothing', async () => {
    expect(await outcome([1, 2], [right, module('later'), module('silent')])).toEqual({ kind: 'accepted' })
    expect(await outcome([9, 2], [right, module('later')])).toMatchObject(
      signature('right accepts; diff.fixture#later refuses (Refusal: not #)'),
    )
  })

  it('may be known to disagree: then the next thing counts', async () => {
    const known: KnownReason = id => (id === 'right != wrong at size' ? 'as it is' : undefined)
    expect(await outcome([1, 100], [right, wrong], known)).toMatchObject({
      kind: 'accepted',
      known: [{ signature: 'disagreement | right != wrong at size' }],
    })
    expect(await outcome([100, 100], [right, wrong], known)).toMatchObject({ kind: 'find' })
  })

  it('begin with what each begins with, and change what each can change', async () => {
    const subject = await diffTarget({ name: 'diff:', subjects: [right, module('same')], comparing: 'value' }).start()
    expect(subject.seeds.length).toBeGreaterThan(5)
    const changed = [1, 2, 3, 4].map(seed => subject.mutate?.(Uint8Array.of(1, 2), new SeededChance(seed)))
    expect(changed.some(input => input instanceof Uint8Array)).toBe(true)
    expect(subject.describe?.(Uint8Array.of(1, 2))).toEqual([
      'right: accepts { kind: 1, size: 2 }',
      'diff.fixture#same: accepts { size: 2, kind: 1 }',
    ])
  })
})

describe('names', () => {
  it('of subjects are cut at the commas between them', () => {
    expect(subjectsOf('diff:codec:dns/message,module:./a,b.mjs#decode,codec:dns/name')).toEqual([
      'codec:dns/message',
      'module:./a,b.mjs#decode',
      'codec:dns/name',
    ])
    expect(subjectsOf('module:a,codec:b')).toEqual(['module:a,codec:b'])
  })

  it('are short where nobody else is called so', () => {
    expect(shortNames(['codec:dns/message', 'module:./lib/other.mjs#decode', 'server:bind9'])).toEqual([
      'dns/message',
      'other#decode',
      'bind9',
    ])
    expect(shortNames(['module:a/x.js', 'module:b/x.js', 'codec:y'])).toEqual(['module:a/x.js', 'module:b/x.js', 'y'])
  })
})
