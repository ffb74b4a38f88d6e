import type { Answers } from '#protocol/messages.ts';

/**
 * One schema for any document: when apiVersion and kind are these, it is that kind's. It works for each document of a file
 * and gives better messages than a choice of all kinds.
 */
export function rootSchema(kinds: Answers['schema']): unknown {
  return {
    $id: 'podarium://kinds.json',
    type: 'object',
    properties: {
      apiVersion: { enum: [...new Set(kinds.map((kind) => kind.apiVersion))].sort() },
      kind: { enum: [...new Set(kinds.map((kind) => kind.kind))].sort() },
    },
    allOf: kinds.map((kind, index) => ({
      if: {
        required: ['apiVersion', 'kind'],
        properties: { apiVersion: { const: kind.apiVersion }, kind: { const: kind.kind } },
      },
      // oxlint-disable-next-line unicorn/no-thenable -- `then` is JSON schema's word
      then: { $ref: `#/definitions/kind${index}` },
    })),
    definitions: Object.fromEntries(kinds.map((kind, index) => [`kind${index}`, kind.schema])),
  };
}
