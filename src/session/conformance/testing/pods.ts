export const image = 'registry.k8s.io/pause:3.10';

/** A pod that only waits, as upstream's tests make them. */
export const pod = (name: string, spec: object = {}, labels: object = {}, resources: object = {}) => ({
  metadata: { name, labels },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image, resources }], ...spec },
});

/** The path of another group for a namespace's path in the core group. */
export const inGroup = (core: string, group: string) => core.replace('/api/v1', group);

/** Upstream's image for tests. */
export const agnhost = 'registry.k8s.io/e2e-test-images/agnhost:2.59';
