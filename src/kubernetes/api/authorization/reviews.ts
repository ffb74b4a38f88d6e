import type { AnyKind } from '../kind.ts';

/** A kind that is asked and never stored: a create of it answers with its status filled in. */
function review(group: string, kind: string, schema: string, namespaced = false): AnyKind {
  const singular = kind.toLowerCase();
  return {
    group,
    version: 'v1',
    kind,
    plural: `${singular}s`,
    singular,
    shortNames: [],
    categories: [],
    namespaced,
    schema,
    hasStatus: false,
    columns: [],
  };
}

const authentication = 'authentication.k8s.io';
const authorization = 'authorization.k8s.io';

export const selfSubjectReviews = review(
  authentication,
  'SelfSubjectReview',
  'io.k8s.api.authentication.v1.SelfSubjectReview',
);
export const tokenReviews = review(authentication, 'TokenReview', 'io.k8s.api.authentication.v1.TokenReview');
export const localSubjectAccessReviews = review(
  authorization,
  'LocalSubjectAccessReview',
  'io.k8s.api.authorization.v1.LocalSubjectAccessReview',
  true,
);
export const selfSubjectAccessReviews = review(
  authorization,
  'SelfSubjectAccessReview',
  'io.k8s.api.authorization.v1.SelfSubjectAccessReview',
);
export const selfSubjectRulesReviews = review(
  authorization,
  'SelfSubjectRulesReview',
  'io.k8s.api.authorization.v1.SelfSubjectRulesReview',
);
export const subjectAccessReviews = review(
  authorization,
  'SubjectAccessReview',
  'io.k8s.api.authorization.v1.SubjectAccessReview',
);
/** The body of `serviceaccounts/NAME/token`. */
export const tokenRequests = review(
  authentication,
  'TokenRequest',
  'io.k8s.api.authentication.v1.TokenRequest',
  true,
);
