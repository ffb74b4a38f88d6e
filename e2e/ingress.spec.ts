import { expect } from '@playwright/test';
import { manifest } from './manifest.ts';
import { test } from './test.ts';

test('an Ingress of v1beta1 is refused with a hint; its v1 form works', async ({ learner }) => {
  const old = await learner.apply(manifest('ml-product-ingress-v1beta1.yaml'));
  expect(old).toContain(
    'error: resource mapping not found for name: "ml-product-ingress" namespace: "" from "untitled.yaml": ' +
      'no matches for kind "Ingress" in version "networking.k8s.io/v1beta1"\nensure CRDs are installed first\n',
  );
  expect(old).toContain('networking.k8s.io/v1\n');
  await expect(learner.editor.getByRole('status', { name: 'Problems' })).toContainText(
    'no matches for kind "Ingress" in version "networking.k8s.io/v1beta1"',
  );
  expect(await learner.run('kubectl get ingress')).toBe('No resources found in default namespace.\n');

  expect(await learner.apply(manifest('ml-product-ingress-v1.yaml'))).toContain(
    'ingress.networking.k8s.io/ml-product-ingress created\n',
  );
  expect(await learner.run('kubectl get ingress')).toMatch(/ml-product-ingress +nginx +\* +80 /);
  expect(await learner.run('kubectl describe ingress ml-product-ingress')).toContain('/app');
});
