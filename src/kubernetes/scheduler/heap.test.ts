import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap } from './heap.ts';

test('pops in order, whatever was taken out or changed before', () => {
  const item = fc.record({ value: fc.integer(), act: fc.constantFrom('keep', 'remove', 'change') });
  fc.assert(
    fc.property(fc.array(item), (items) => {
      const heap = new Heap<{ value: number; heapIndex: number }>((a, b) => a.value - b.value);
      const all = items.map(({ value }) => ({ value, heapIndex: -1 }));
      for (const entry of all) heap.push(entry);
      for (const [i, { act }] of items.entries()) {
        if (act === 'remove') heap.remove(all[i]!);
        if (act !== 'change') continue;
        all[i]!.value = -all[i]!.value;
        heap.update(all[i]!);
      }
      const kept = all.filter((_, i) => items[i]!.act !== 'remove').map(({ value }) => value);
      const popped: number[] = [];
      for (let next = heap.pop(); next !== undefined; next = heap.pop()) popped.push(next.value);
      expect(popped).toEqual(kept.toSorted((a, b) => a - b));
    }),
  );
});
