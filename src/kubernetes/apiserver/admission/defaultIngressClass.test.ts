import { expect, test } from 'vitest';
import type { Ingress } from '#generated/types/networking.v1.ts';
import { TestServer } from '../testing/testServer.ts';

const base = '/apis/networking.k8s.io/v1';
const ingress = (metadata: object, spec: object) => ({
  metadata: { name: 'i', ...metadata },
  spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } }, ...spec },
});

function created(server: TestServer, metadata = {}, spec = {}): string | undefined {
  const { body } = server.send('POST', `${base}/namespaces/default/ingresses`, ingress(metadata, spec));
  return (body as Ingress).spec.ingressClassName;
}

function addClass(server: TestServer, name: string, isDefault: boolean): void {
  const annotations = { 'ingressclass.kubernetes.io/is-default-class': String(isDefault) };
  server.send('POST', `${base}/ingressclasses`, {
    metadata: { name, annotations },
    spec: { controller: 'example.com/c' },
  });
}

test('the newest default class is given to an Ingress that names none', () => {
  const server = new TestServer();
  expect(created(server, { name: 'none' })).toBeUndefined();
  addClass(server, 'plain', false);
  addClass(server, 'b', true);
  addClass(server, 'a', true);
  expect(created(server, { name: 'x' })).toBe('a');
  server.simulation.run({ untilMs: 5000 });
  addClass(server, 'newer', true);
  expect(created(server, { name: 'y' })).toBe('newer');
  expect(created(server, { name: 'z' }, { ingressClassName: 'mine' })).toBe('mine');
  const annotations = { 'kubernetes.io/ingress.class': 'old' };
  expect(created(server, { name: 'w', annotations })).toBeUndefined();
});
