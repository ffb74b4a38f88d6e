// Upstream: pkg/serviceaccount/legacy.go, pkg/controlplane/controller/legacytokentracking

/** On a Secret with a service account's token: the day of its last use, and since when it is not taken any more. */
export const lastUsedLabel = 'kubernetes.io/legacy-token-last-used';
export const invalidSinceLabel = 'kubernetes.io/legacy-token-invalid-since';
/** In kube-system: since when uses are noted. */
export const trackingConfigMap = 'kube-apiserver-legacy-service-account-token-tracking';
