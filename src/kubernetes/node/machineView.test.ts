import { expect, test } from 'vitest';
import { TestNodes } from './testing/testNode.ts';

async function started(image: string, command: string[] = ['sleep', '3600']) {
  const nodes = new TestNodes();
  nodes.run({ containers: [{ name: 'c', image, command }] });
  await nodes.pass(10);
  return nodes;
}

test('ps of BusyBox shows users, the CPU time that was used, and command lines', async () => {
  const nodes = await started('busybox', ['sh', '-c', 'while true; do :; done']);
  await nodes.pass(70);
  const { output } = await nodes.exec('web', ['ps']);
  const [head, first, ...others] = output.split('\n');
  expect(head).toBe('PID   USER     TIME  COMMAND');
  expect(first).toMatch(/^ {4}1 root {6}1:[01]\d sh -c while true; do :; done$/);
  expect(others).toEqual([expect.stringMatching(/^ {4}\d root {6}0:00 ps$/), '']);
  expect((await nodes.exec('web', ['ps', '-o', 'pid,comm'])).output).toMatch(/^PID {3}COMMAND\n {4}1 sh\n/);
});

test.each([
  ['busybox', ['nproc'], '4\n'],
  ['busybox', ['hostname', '-i'], '10.244.1.1\n'],
  [
    'busybox',
    ['ip', 'route'],
    'default via 10.244.1.1 dev eth0 \n10.244.1.0/24 dev eth0 scope link  src ADDRESS \n',
  ],
  [
    'busybox',
    ['free'],
    '              total        used        free      shared  buff/cache   available\nMem:        8388608      410624     7977984           0           0     7977984\nSwap:             0           0           0\n',
  ],
  [
    'busybox',
    ['free', '-h'],
    '              total        used        free      shared  buff/cache   available\nMem:           8.0G      401.0M        7.6G           0           0        7.6G\nSwap:             0           0           0\n',
  ],
])('%s: %s', async (image, command, output) => {
  const nodes = await started(image);
  const address = nodes.pod().status.podIP!;
  const expected = output.replace('ADDRESS', address).replace(/^10\.244\.1\.1\n$/, `${address}\n`);
  expect((await nodes.exec('web', command)).output).toBe(expected);
});

test('ip addr shows the address, and the hardware address that is made of it', async () => {
  const nodes = await started('busybox');
  const { output } = await nodes.exec('web', ['ip', 'a']);
  const address = nodes.pod().status.podIP!;
  expect(output).toContain(`    inet ${address}/24 brd 10.244.1.255 scope global eth0\n`);
  expect(output).toContain(`link/ether 0a:58:0a:f4:01:0${address.split('.')[3]} brd`);
});

test('ps of Debian is another', async () => {
  const nodes = await started('debian');
  expect((await nodes.exec('web', ['ps'])).output).toBe(
    '    PID TTY          TIME CMD\n      1 ?        00:00:00 sleep\n      2 ?        00:00:00 ps\n',
  );
});
