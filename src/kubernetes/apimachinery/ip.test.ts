import { expect, test } from 'vitest';
import {
  checkCidr,
  checkIp,
  cidrContains,
  cidrContainsCidr,
  formatCidr,
  formatIp,
  maskCidr,
  parseCidr,
  parseIp,
} from './ip.ts';

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['255.255.255.255', '255.255.255.255'],
  ['::', '::'],
  ['::1', '::1'],
  ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
  ['fe80::', 'fe80::'],
])('%s is written %s', (text, canonical) => {
  expect(formatIp(parseIp(text)!)).toBe(canonical);
});

test.each([
  '',
  '10.0.0',
  '10.0.0.256',
  '010.0.0.1',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '12345::',
  'fe80::1%eth0',
  'x',
])('%j is no address', (text) => {
  expect(parseIp(text)).toBeUndefined();
});

test('a range holds addresses and smaller ranges of its family', () => {
  const range = parseCidr('10.1.2.3/8')!;
  expect(formatCidr(range)).toBe('10.1.2.3/8');
  expect(formatCidr(maskCidr(range))).toBe('10.0.0.0/8');
  expect(cidrContains(range, parseIp('10.255.0.1')!)).toBe(true);
  expect(cidrContains(range, parseIp('11.0.0.1')!)).toBe(false);
  expect(cidrContains(range, parseIp('::1')!)).toBe(false);
  expect(cidrContainsCidr(range, parseCidr('10.2.0.0/16')!)).toBe(true);
  expect(cidrContainsCidr(range, parseCidr('0.0.0.0/0')!)).toBe(false);
  expect(parseCidr('10.0.0.0/33')).toBeUndefined();
  expect(parseCidr('10.0.0.0')).toBeUndefined();
});

test('sentences', () => {
  expect(checkIp('10.0.0.1')).toEqual([]);
  expect(checkIp('x')).toEqual(['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']);
  expect(checkIp('::ffff:1.2.3.4')).toEqual(['must not be an IPv4-mapped IPv6 address']);
  expect(checkIp('FE80::')).toEqual(['must be in canonical form ("fe80::")']);
  expect(checkCidr('10.0.0.1/8')).toEqual([]);
  expect(checkCidr('10.0.0.1/8', true)).toEqual(['must be in canonical form ("10.0.0.0/8")']);
  expect(checkCidr('10/8')).toEqual(['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']);
});
