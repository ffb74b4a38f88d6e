import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.ts';

test.each(['', 'f', 'fo', 'foo', 'foob', 'grüße', '日本', '😀'])('%s', (text) => {
  const encoded = Buffer.from(text, 'utf8').toString('base64');
  expect(encodeBase64(text)).toBe(encoded);
  expect(Buffer.from(decodeBase64(encoded)!).toString('utf8')).toBe(text);
});

test.each(['a', 'ab=', 'a===', '****', 'YQ=a'])('%s is not base64', (text) => {
  expect(decodeBase64(text)).toBeUndefined();
});
