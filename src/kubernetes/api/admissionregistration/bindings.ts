// Upstream: validateValidatingAdmissionPolicyBindingSpec in pkg/apis/admissionregistration/validation/validation.go
import type { MatchResources, ParamRef } from '#generated/types/admissionregistration.v1.ts';
import { required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Subdomain } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, under } from '../fieldChecks.ts';
import { withField } from '../sharing.ts';
import {
  defaultMatchResources,
  defaultParamRef,
  validateMatchResources,
  validateParamRef,
} from './matchResources.ts';

/** What the bindings of validating and mutating policies have in common. */
interface BindingSpec {
  readonly policyName?: string;
  readonly paramRef?: ParamRef;
  readonly matchResources?: MatchResources;
}

export function defaultBindingSpec<S extends BindingSpec>(spec: S): S {
  const { matchResources, paramRef } = spec;
  const match = matchResources && defaultMatchResources(matchResources);
  const next = withField<BindingSpec, 'paramRef'>(spec, 'paramRef', defaultParamRef(paramRef));
  return withField(next, 'matchResources', match) as S;
}

/** What is wrong with a binding. Upstream misspells the path of matchResources, and so do we. */
export function validateBindingSpec({
  policyName = '',
  paramRef,
  matchResources,
}: BindingSpec): FieldError[] {
  return [
    ...(policyName === ''
      ? [required('spec.policyName')]
      : invalidFor('spec.policyName', policyName, checkDns1123Subdomain(policyName))),
    ...(paramRef ? under('spec.paramRef', validateParamRef(paramRef)) : []),
    ...(matchResources ? under('spec.matchResouces', validateMatchResources(matchResources)) : []),
  ];
}
