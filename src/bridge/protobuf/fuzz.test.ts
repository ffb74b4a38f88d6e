import { expect, test } from 'vitest';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { RandomStream } from '#sim/random.ts';
import { decodeProtobuf } from './decode.ts';
import { encodeProtobuf } from './testEncode.ts';

/** `FUZZ_SEED=… FUZZ_COUNT=…` plays another run, or the same one for longer. */
const seed = process.env['FUZZ_SEED'] ?? 'podarium';
const count = Number(process.env['FUZZ_COUNT'] ?? 2000);

const samples = [
  encodeProtobuf({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', labels: { app: 'web' } },
    data: { a: '1', b: 'ü' },
  }),
  encodeProtobuf({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', generation: 3 },
    spec: { replicas: 2, paused: true, template: { spec: { containers: [{ name: 'c', image: 'nginx' }] } } },
  }),
];

test(`bytes that are no objects are refused, whatever they are (FUZZ_SEED=${seed} FUZZ_COUNT=${count})`, () => {
  const random = new RandomStream(seed, 'fuzz-protobuf');
  const prototype = Object.getOwnPropertyNames(Object.prototype).join();
  let refused = 0;
  for (let i = 0; i < count; i++) {
    const bytes = hostile(random);
    try {
      // What is read is JSON, as a client without protobuf would have sent it.
      const object = decodeProtobuf(bytes);
      expect(JSON.parse(JSON.stringify(object)), `body ${i} of FUZZ_SEED=${seed}`).toEqual(object);
    } catch (error) {
      if (!(error instanceof StatusError))
        throw new Error(`body ${i} of FUZZ_SEED=${seed} threw: ${bytes.toString('hex')}`, { cause: error });
      refused++;
    }
  }
  expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(prototype);
  // A run in which all is refused, or nothing, shows little.
  expect([refused > count / 10, refused < count]).toEqual([true, true]);
});

test('objects within objects within objects are read to a depth', () => {
  let bytes = samples[0]!;
  for (let i = 0; i < 200; i++) {
    const data = { raw: bytes.toString('base64') };
    bytes = encodeProtobuf({
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: { name: 'x' },
      data,
    });
  }
  expect(() => decodeProtobuf(bytes)).toThrow('proto: messages are nested too deeply');
});

/** A sample with some of its bytes changed, cut off or doubled, or bytes that are no sample at all. */
function hostile(random: RandomStream): Buffer {
  const sample = Buffer.from(random.pick(samples));
  const at = () => random.below(sample.length + 1);
  switch (random.below(6)) {
    case 0:
      return Buffer.from(Array.from({ length: random.below(80) }, () => random.below(256)));
    case 1:
      return Buffer.concat([
        Buffer.from('k8s\0'),
        Buffer.from([10, 255, 255, 255, 255, 255, 255, 255, 255, 127]),
      ]);
    case 2:
      return sample.subarray(0, at());
    case 3: {
      const [from, to] = [at(), at()].toSorted((a, b) => a - b) as [number, number];
      return Buffer.concat([sample.subarray(0, to), sample.subarray(from)]);
    }
    default:
      for (let i = random.below(4); i >= 0; i--)
        sample[4 + random.below(sample.length - 4)] = random.below(256);
      return sample;
  }
}
