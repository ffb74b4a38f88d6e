// Upstream: apiserver/pkg/admission/{interfaces,chain}.go
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { AdmissionPlugin, AdmissionShape } from '../context.ts';

/** Who has a say in writes of one shape, by what they do. */
export interface AdmissionChain {
  readonly admit: readonly AdmissionPlugin[];
  readonly validate: readonly AdmissionPlugin[];
  readonly stored: readonly AdmissionPlugin[];
}

interface Known extends AdmissionChain {
  readonly operation: AdmissionShape['operation'];
  readonly subresource: string;
}

/** Shapes of one kind that are remembered: a path may name any subresource. */
const shapesMax = 64;

/** All plugins, in order. Most say nothing of most writes: whom to ask is found out once for each shape of write. */
export class Admission {
  readonly plugins: readonly AdmissionPlugin[];
  readonly #byKind = new Map<AnyKind, Known[]>();

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.plugins = plugins;
  }

  chainOf(shape: AdmissionShape): AdmissionChain {
    const { kind, operation, subresource } = shape;
    let shapes = this.#byKind.get(kind);
    if (shapes === undefined) {
      shapes = [];
      this.#byKind.set(kind, shapes);
    }
    for (const known of shapes)
      if (known.operation === operation && known.subresource === subresource) return known;
    const asked = this.plugins.filter(({ handles }) => handles === undefined || handles(shape));
    const chain: Known = {
      operation,
      subresource,
      admit: asked.filter(({ admit }) => admit !== undefined),
      validate: asked.filter(({ validate }) => validate !== undefined),
      stored: asked.filter(({ stored }) => stored !== undefined),
    };
    if (shapes.length >= shapesMax) shapes.length = 0;
    shapes.push(chain);
    return chain;
  }
}
