import { expect, test } from 'vitest';
import * as quantity from './quantity.ts';

// [text, canonical, millis, units]
test.each<[string | number, string, number, number]>([
  ['.', '0', 0, 0],
  ['Mi', '0', 0, 0],
  ['0Ki', '0', 0, 0],
  ['00', '0', 0, 0],
  ['.', '0', 0, 0],
  ['Mi', '0', 0, 0],
  ['1', '1', 1000, 1],
  [2, '2', 2000, 2],
  [0.5, '500m', 500, 1],
  ['5n', '5n', 1, 1],
  ['4u', '4u', 1, 1],
  ['3m', '3m', 3, 1],
  ['1Ki', '1Ki', 1024000, 1024],
  ['1024Mi', '1Gi', 1073741824000, 1073741824],
  ['307200Ki', '300Mi', 314572800000, 314572800],
  ['1025024Mi', '1001Gi', 1074815565824000, 1074815565824],
  ['8Ki', '8Ki', 8192000, 8192],
  ['1536Mi', '1536Mi', 1610612736000, 1610612736],
  ['1.5Gi', '1536Mi', 1610612736000, 1610612736],
  ['1000M', '1G', 1e12, 1e9],
  ['0.001T', '1G', 1e12, 1e9],
  ['1234567M', '1234567M', 1234567000000000, 1234567000000],
  ['1000u', '1m', 1, 1],
  ['1.08', '1080m', 1080, 2],
  ['1080000000n', '1080m', 1080, 2],
  ['0.00050k', '500m', 500, 1],
  ['100.035k', '100.035k', 100035000, 100035],
  ['.001e12', '1e9', 1e12, 1e9],
  ['0.001e0', '1e-3', 1, 1],
  ['1000e-12', '1e-9', 1, 1],
  ['1e3', '1e3', 1e6, 1000],
  ['1E3', '1E3', 1e6, 1000],
  ['1e14', '100e12', 1e17, 1e14],
  ['1e0', '1e0', 1000, 1],
  ['0.5e0', '500e-3', 500, 1],
  ['1E', '1E', 1e21, 1e18],
  ['1000E', '1e21', 1e24, 1e21],
  ['5000E', '5e21', 5e24, 5e21],
  ['12E', '12E', 12e21, 12e18],
  ['9Ei', '9223372036854775807', 2 ** 63 * 1000, 2 ** 63],
  ['3.001n', '4n', 1, 1],
  ['0.5e-9', '1e-9', 1, 1],
  ['0.00000012345', '124n', 1, 1],
  ['.001Ki', '1024m', 1024, 2],
  ['.000000000001Ki', '2n', 1, 1],
  ['100.035Ki', '102435840m', 102435840, 102436],
  ['0.5Ki', '512', 512000, 512],
  ['1.G', '1.G', 1e12, 1e9],
  ['+1', '+1', 1000, 1],
  ['-9.01', '-9010m', -9010, -10],
  ['-1.5Gi', '-1536Mi', -1610612736000, -1610612736],
])('%j is canonically %j', (text, canonical, millis, units) => {
  expect(quantity.parseQuantity(text)).toMatchObject({ text: canonical, millis, units });
  expect(quantity.canonicalQuantity(canonical)).toBe(canonical);
  expect(quantity.parseQuantity(text)).toBe(quantity.parseQuantity(text));
  expect(quantity.compareQuantities(text, canonical)).toBe(0);
});

const format = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const suffix = "unable to parse quantity's suffix";

test.each([
  ['', format],
  ['1.1.M', format],
  ['1+1.0M', format],
  ['aoeu', format],
  ['1 ', format],
  [' 1', format],
  ['1 Gi', format],
  ['0.1mi', suffix],
  ['.5i', suffix],
  ['1i', suffix],
  ['1gi', format],
  ['1GB', format],
  ['1Mb', format],
  ['1KB', format],
  ['1K', suffix],
  ['1e', suffix],
  ['-3.01e-', suffix],
  ['1e4294967297', suffix],
  ['Bi', format],
  ['Pi', 'unable to parse numeric part of quantity'],
])('%j is refused', (text, message) => {
  expect(() => quantity.parseQuantity(text)).toThrow(
    expect.objectContaining({ reason: 'BadRequest', message }),
  );
});

test.each([
  ['0', '0', 0],
  ['100m', '50m', 1],
  ['50m', '100m', -1],
  ['10000T', '100Gi', 1],
  ['1Gi', '1G', 1],
  ['1', '1000m', 0],
])('%s compared to %s is %d', (a, b, order) => {
  expect(quantity.compareQuantities(a, b)).toBe(order);
});

test.each([
  ['100m', '0', '100m', '100m'],
  ['0', '1Gi', '1Gi', '-1Gi'],
  ['1Gi', '512Mi', '1536Mi', '512Mi'],
  ['1', '500m', '1500m', '500m'],
  ['1Gi', '1G', '2073741824', '73741824'],
  ['1', '1', '2', '0'],
  ['0', '0', '0', '0'],
])('%s and %s: sum %s, difference %s', (a, b, sum, difference) => {
  expect(quantity.addQuantities(a, b)).toBe(sum);
  expect(quantity.subtractQuantities(a, b)).toBe(difference);
});

test('numbers are read and written', () => {
  expect([quantity.milliValue('1.5'), quantity.milliValue(undefined)]).toEqual([1500, 0]);
  expect([quantity.unitValue('1Ki'), quantity.unitValue(undefined)]).toEqual([1024, 0]);
  expect([0, 1, 250, 2000, 2500, 1e6].map(quantity.formatMillis)).toEqual([
    '0',
    '1m',
    '250m',
    '2',
    '2500m',
    '1k',
  ]);
  expect(quantity.formatUnits(128 * 1024 * 1024, 'BinarySI')).toBe('128Mi');
  expect(quantity.formatUnits(2000, 'BinarySI')).toBe('2000');
  expect(quantity.formatUnits(500, 'BinarySI')).toBe('500');
  expect(quantity.formatUnits(110, 'DecimalSI')).toBe('110');
});
