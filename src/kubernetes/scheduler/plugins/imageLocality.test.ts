import { expect, test } from 'vitest';
import type { ContainerImage } from '#generated/types/core.v1.ts';
import { TestCache } from '../testCache.ts';
import { makeNode, makePod } from '../testObjects.ts';
import { imageLocality } from './imageLocality.ts';

const mebibyte = 1024 * 1024;
const image = (megabytes: number, ...names: string[]): ContainerImage => ({
  names,
  sizeBytes: megabytes * mebibyte,
});
const using = (...images: string[]) =>
  makePod({ containers: images.map((name, i) => ({ name: `c${i}`, image: name })) });

const node403002000 = [
  image(40, 'gcr.io/40:latest', 'gcr.io/40:v1'),
  image(300, 'gcr.io/300:latest', 'gcr.io/300:v1'),
  image(2000, 'gcr.io/2000:latest'),
];
const node25010 = [image(250, 'gcr.io/250:latest'), image(10, 'gcr.io/10:latest', 'gcr.io/10:v1')];

// Facts from upstream's image_locality_test.go.
test.each([
  ['two images spread on two nodes, prefer the larger one', using('gcr.io/40', 'gcr.io/250'), [0, 5]],
  ['two images on one node, prefer this node', using('gcr.io/40', 'gcr.io/300'), [7, 0]],
  ['if exceed limit, use limit', using('gcr.io/10', 'gcr.io/2000'), [49, 0]],
  ['below the smallest size, and nowhere', using('gcr.io/10', 'gcr.io/30'), [0, 0]],
])('%s', (_name, pod, [a, b]) => {
  const world = new TestCache([
    makeNode('a', { images: node403002000 }),
    makeNode('b', { images: node25010 }),
  ]);
  expect(world.score(imageLocality(world.cache), pod)).toEqual({ a, b });
});

test('an image that no node has says nothing', () => {
  const world = new TestCache([makeNode('a', { images: node25010 })]);
  expect(world.score(imageLocality(world.cache), using('nginx'))).toBeNull();
});

test('a node that lost its images counts no more', () => {
  const world = new TestCache([makeNode('a', { images: node25010 }), makeNode('b', { images: node25010 })]);
  world.cache.setNode(makeNode('a'));
  expect(world.score(imageLocality(world.cache), using('gcr.io/250'))).toEqual({ a: 0, b: 10 });
});
