import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Certificates } from './certificates.ts';

/** The first line of a file that the bridge may overwrite and remove. */
const mark = '# Written by `npm run bridge` of Podarium; gone when the bridge stops.';

const clusterName = 'podarium';

/** A kubeconfig for `server` (an URL). Without certificates there is nothing to prove: plain http. */
export function kubeconfigText(server: string, user: string, certificates: Certificates | null): string {
  const base64 = (pem: string) => Buffer.from(pem).toString('base64');
  const context = `${user}@${clusterName}`;
  const lines = [
    mark,
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    `- name: ${clusterName}`,
    '  cluster:',
    `    server: ${server}`,
    ...(certificates ? [`    certificate-authority-data: ${base64(certificates.authority)}`] : []),
    'contexts:',
    `- name: ${context}`,
    '  context:',
    `    cluster: ${clusterName}`,
    `    user: ${user}`,
    'users:',
    `- name: ${user}`,
    ...(certificates
      ? [
          '  user:',
          `    client-certificate-data: ${base64(certificates.client.certificate)}`,
          `    client-key-data: ${base64(certificates.client.key)}`,
        ]
      : ['  user: {}']),
    `current-context: ${context}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Writes the file for its owner alone; refuses to overwrite one that the bridge did not write. */
export function writeKubeconfig(path: string, text: string): void {
  if (existsSync(path) && !isOurs(path))
    throw new Error(`${path} is a kubeconfig of somebody else; choose another file with --kubeconfig.`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
}

/** Removes the file that holds `text`, unless somebody, another bridge too, wrote another in its place. */
export function removeKubeconfig(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) rmSync(path);
}

function isOurs(path: string): boolean {
  return readFileSync(path, 'utf8').startsWith(mark);
}
