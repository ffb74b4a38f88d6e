export const image = 'registry.k8s.io/pause:3.10';

/** A pod that only waits, as upstream's tests make them. */
export const pod = (name: string, spec: object = {}, labels: object = {}, resources: object = {}) => ({
  metadata: { name, labels },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image, resources }], ...spec },
});

/** The path of another group for a namespace's path in the core group. */
export const inGroup = (core: string, group: string) => core.replace('/api/v1', group);
