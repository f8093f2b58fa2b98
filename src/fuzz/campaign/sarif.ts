import { toHex } from '../../wire/hex.ts'
import type { FindKind } from '../target.ts'
import { framesOf } from '../triage.ts'
import { type KeptFind, stands } from './folder.ts'

const RULES: Readonly<Record<FindKind, string>> = {
  crash: 'An input makes the code throw what is no refusal.',
  law: 'What was read does not come back as it was, or an invariant is broken.',
  hang: 'An input does not come to an end.',
  slow: 'An input takes more time than its length explains.',
  memory: 'An input takes more memory than its length explains.',
  disagreement: 'Subjects of one protocol differ on an input.',
}

/** The most octets of an input that are told. */
const SHOWN = 4096

/** Finds as SARIF 2.1.0 (OASIS), with fingerprints that stay from campaign to campaign. */
export function sarif(finds: readonly KeptFind[], version: string): object {
  const kinds = Object.entries(RULES)
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'wiregrade fuzz',
            version,
            rules: kinds.map(([id, text]) => ({ id, shortDescription: { text } })),
          },
        },
        results: finds.map(find => resultOf(find)),
      },
    ],
  }
}

function resultOf(find: KeptFind): object {
  const { kind, title, stack, id, target, input, minimal = input, replay, found } = find
  const [frame] = stack === undefined ? [] : framesOf(stack)
  return {
    ruleId: kind,
    ruleIndex: Object.keys(RULES).indexOf(kind),
    level: !stands(find) ? 'note' : kind === 'slow' || kind === 'memory' ? 'warning' : 'error',
    message: { text: `${target}: ${title}` },
    partialFingerprints: { 'wiregrade/signature/v1': id },
    ...(frame && {
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: encodeURI(frame.file) },
            region: { startLine: Math.max(1, frame.line) },
          },
        },
      ],
    }),
    properties: { target, found, octets: toHex(minimal.subarray(0, SHOWN)), length: minimal.length, replay },
  }
}
