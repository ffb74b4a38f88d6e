import { expect, test } from 'vitest';
import { Workbench } from '../workbench.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

// What GNU's dd does, but for its speed.
test.each<[string, string]>([
  ['printf abcdef > f; dd if=f bs=2 count=2 status=none', 'abcd'],
  ['printf abcdef > f; dd if=f bs=2 skip=1 status=none', 'cdef'],
  ['printf abcdef > f; dd if=f of=g bs=4; cat g', '1+1 records in\n1+1 records out\n6 bytes copied\nabcdef'],
  ['printf abcdef > f; printf X | dd of=f bs=1 seek=2 status=none; cat f', 'abX'],
  ['printf abcdef > f; printf X | dd of=f bs=1 seek=2 conv=notrunc status=none; cat f', 'abXdef'],
  ['dd if=nowhere', "dd: failed to open 'nowhere': No such file or directory\n"],
  ['dd if=/dev/zero of=f bs=1M count=3 2>&1 | tail -1; stat -c %s f', '3145728 bytes copied\n3145728\n'],
  ['dd if=/dev/zero bs=4 count=1 status=none | hexdump | head -1', '0000000 0000 0000\n'],
  ['dd if=/dev/zero of=/dev/null', "dd: count= is needed: '/dev/zero' has no end\n"],
  ['dd speed=fast', 'dd: unrecognized operand ‘speed=fast’\n'],
])('%s', async (script, output) => {
  const { stdout, stderr } = await new Workbench(hop).run(script);
  expect(stderr + stdout).toBe(output);
});
