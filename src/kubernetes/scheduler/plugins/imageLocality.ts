// Upstream: pkg/scheduler/framework/plugins/imagelocality/image_locality.go
import type { Container, Pod } from '#generated/types/core.v1.ts';
import type { Cache } from '../cache.ts';
import { nodeScoreMax, type Plugin } from '../framework.ts';

const mebibyte = 1024 * 1024;
/** Images below count for nothing, those above for no more. */
const sizeMin = 23 * mebibyte;
const sizeMaxPerContainer = 1000 * mebibyte;

/** The name that a node knows an image by: with a tag. */
function normalizeImageName(image: string): string {
  return image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image;
}

function imagesOf({ spec }: Pod): readonly string[] {
  const containers: readonly Container[] = [...(spec.initContainers ?? []), ...spec.containers];
  return containers.map(({ image = '' }) => normalizeImageName(image));
}

/** Nodes that have large images of the pod already are better; an image that few nodes have counts less. */
export function imageLocality(cache: Cache): Plugin {
  return {
    name: 'ImageLocality',
    reads: 'cluster',
    preScore(pod) {
      const images = imagesOf(pod);
      const nodeCount = cache.order.length;
      const present = images
        .map((image) => cache.images.get(image))
        .filter((state) => state !== undefined)
        .map(({ sizeBytes, nodes }) => ({
          nodes,
          scaled: Math.trunc(sizeBytes * (nodes.size / nodeCount)),
        }));
      if (present.length === 0) return null;
      const sizeMax = sizeMaxPerContainer * images.length;
      return {
        score({ slot }) {
          let size = 0;
          for (const { nodes, scaled } of present) if (nodes.has(slot)) size += scaled;
          const clamped = Math.min(Math.max(size, sizeMin), sizeMax);
          return Math.trunc((nodeScoreMax * (clamped - sizeMin)) / (sizeMax - sizeMin));
        },
      };
    },
  };
}
