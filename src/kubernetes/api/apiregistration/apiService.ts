// Upstream: kube-aggregator/pkg/apis/apiregistration/validation, pkg/registry/apiservice
import type { APIService, APIServiceSpec } from '#generated/types/apiregistration.v1.ts';
import { invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import {
  checkDns1035Label,
  checkDns1123Subdomain,
  checkPathSegment,
} from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { invalidFor } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { withDefaults, withField } from '../sharing.ts';

export type { APIService };

const groupPriorityMax = 20_000;
const versionPriorityMax = 1000;
const conditionStatuses = ['True', 'False', 'Unknown'];

function validateName(name: string, { group = '', version = '' }: APIServiceSpec): FieldError[] {
  const wanted = `${version}.${group}`;
  return checkPathSegment(name).length > 0 || name === wanted
    ? []
    : [
        invalidValue(
          'metadata.name',
          name,
          `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`,
        ),
      ];
}

function validateService({
  service,
  caBundle,
  insecureSkipTLSVerify,
}: Partial<APIServiceSpec>): FieldError[] {
  const errors: FieldError[] = [];
  if (service === undefined) {
    if (caBundle)
      errors.push(
        invalidValue(
          'spec.caBundle',
          `${caBundle.length} bytes`,
          'local APIServices may not have a caBundle',
        ),
      );
    if (insecureSkipTLSVerify)
      errors.push(
        invalidValue(
          'spec.insecureSkipTLSVerify',
          insecureSkipTLSVerify,
          'local APIServices may not have insecureSkipTLSVerify',
        ),
      );
    return errors;
  }
  if (!service.namespace) errors.push(required('spec.service.namespace'));
  if (!service.name) errors.push(required('spec.service.name'));
  if (insecureSkipTLSVerify && caBundle)
    errors.push(
      invalidValue(
        'spec.insecureSkipTLSVerify',
        insecureSkipTLSVerify,
        'may not be true if caBundle is present',
      ),
    );
  return errors;
}

function validateSpec(spec: Partial<APIServiceSpec>): FieldError[] {
  const { group = '', version = '', groupPriorityMinimum = 0, versionPriority = 0 } = spec;
  const errors: FieldError[] = [];
  if (group === '' && version !== 'v1')
    errors.push(required('spec.group', 'only v1 may have an empty group and it better be legacy kube'));
  if (group !== '') errors.push(...invalidFor('spec.group', group, checkDns1123Subdomain(group)));
  errors.push(...invalidFor('spec.version', version, checkDns1035Label(version)));
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > groupPriorityMax)
    errors.push(
      invalidValue(
        'spec.groupPriorityMinimum',
        groupPriorityMinimum,
        `must be positive and less than ${groupPriorityMax}`,
      ),
    );
  if (versionPriority <= 0 || versionPriority > versionPriorityMax)
    errors.push(
      invalidValue(
        'spec.versionPriority',
        versionPriority,
        `must be positive and less than ${versionPriorityMax}`,
      ),
    );
  return [...errors, ...validateService(spec)];
}

/** `True`, or `False (ServiceNotFound)`. */
function formatAvailable({ status }: APIService): string {
  const available = status?.conditions?.find(({ type }) => type === 'Available');
  if (available === undefined) return 'Unknown';
  return available.status === 'True' ? 'True' : `${available.status} (${available.reason ?? ''})`;
}

export const apiServices: Kind<APIService> = {
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  singular: 'apiservice',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  schema: 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService',
  hasStatus: true,
  countsGenerations: false,
  defaults(apiService) {
    const { service } = apiService.spec;
    if (service === undefined) return apiService;
    return withField(
      apiService,
      'spec',
      withField(apiService.spec, 'service', withDefaults(service, { port: 443 })),
    );
  },
  // What the server itself serves is available from the start.
  prepareForCreate: (apiService) =>
    apiService.spec.service === undefined
      ? {
          ...apiService,
          status: {
            conditions: [
              {
                type: 'Available',
                status: 'True',
                lastTransitionTime: apiService.metadata.creationTimestamp,
                reason: 'Local',
                message: 'Local APIServices are always available',
              },
            ],
          },
        }
      : apiService,
  checkName: checkPathSegment,
  validate: ({ metadata, spec }) => [...validateName(metadata.name, spec), ...validateSpec(spec)],
  validateStatusUpdate: ({ status }) =>
    (status.conditions ?? []).flatMap((condition, index) =>
      conditionStatuses.includes(condition.status)
        ? []
        : [notSupported(`status.conditions[${index}].status`, condition.status, conditionStatuses)],
    ),
  columns: [
    nameColumn,
    {
      ...column('Service', ({ spec: { service } }) =>
        service === undefined ? 'Local' : `${service.namespace ?? ''}/${service.name ?? ''}`,
      ),
      description: 'The reference to the service that hosts this API endpoint.',
    },
    {
      ...column('Available', formatAvailable),
      description: 'Whether this service is available.',
    },
    ageColumn,
  ],
};
