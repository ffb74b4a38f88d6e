// Upstream: kube-openapi/pkg/handler3

/** An empty OpenAPI v2 document as kubectl asks for it: protobuf with a version, a title and no paths. */
export const openApiV2 = Buffer.from('0a03322e3012070a016b1202763142004a00', 'hex');
export const openApiV2Type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
