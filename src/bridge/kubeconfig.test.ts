import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, expect, test } from 'vitest';
import { kubeconfigText, removeKubeconfig, writeKubeconfig } from './kubeconfig.ts';

const folder = mkdtempSync(join(tmpdir(), 'podarium-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pair = { certificate: 'CERT', key: 'KEY' };
const certificates = { authority: 'CA', server: pair, client: pair };

test('it holds the server, the authority and the client’s certificate', () => {
  expect(load(kubeconfigText('https://127.0.0.1:1', 'kubernetes-admin', certificates))).toMatchObject({
    'current-context': 'kubernetes-admin@podarium',
    clusters: [{ cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': 'Q0E=' } }],
    users: [{ user: { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' } }],
  });
});

test('plain http needs no credentials', () => {
  expect(load(kubeconfigText('http://127.0.0.1:1', 'a', null))).toMatchObject({
    clusters: [{ cluster: { server: 'http://127.0.0.1:1' } }],
    users: [{ user: {} }],
  });
});

test('its own file is for its owner alone, is overwritten, and goes', () => {
  const path = join(folder, 'deep', 'config');
  const text = kubeconfigText('http://x', 'a', null);
  writeKubeconfig(path, text);
  writeKubeconfig(path, text);
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect(statSync(path).mode & 0o077).toBe(0);
  removeKubeconfig(path, text);
  expect(existsSync(path)).toBe(false);
});

test('a file of somebody else stays as it is', () => {
  const path = join(folder, 'theirs');
  writeFileSync(path, 'apiVersion: v1\n');
  expect(() => writeKubeconfig(path, 'x')).toThrow('is a kubeconfig of somebody else');
  removeKubeconfig(path, 'x');
  expect(readFileSync(path, 'utf8')).toBe('apiVersion: v1\n');
});

test('what another bridge has written in its place stays', () => {
  const path = join(folder, 'shared');
  const [first, second] = [kubeconfigText('http://x:1', 'a', null), kubeconfigText('http://x:2', 'a', null)];
  writeKubeconfig(path, first);
  writeKubeconfig(path, second);
  removeKubeconfig(path, first);
  expect(readFileSync(path, 'utf8')).toBe(second);
  removeKubeconfig(path, second);
  expect(existsSync(path)).toBe(false);
});
