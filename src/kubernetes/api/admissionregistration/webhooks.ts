// Upstream: validateValidatingWebhook in pkg/apis/admissionregistration/validation, apiserver/pkg/util/webhook/validation.go
import type {
  MutatingWebhook,
  ServiceReference,
  ValidatingWebhook,
  WebhookClientConfig,
} from '#generated/types/admissionregistration.v1.ts';
import { duplicate, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { validateLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import { checkDns1035Label, checkDns1123Subdomain, checkPortNumber } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, under } from '../fieldChecks.ts';
import { withDefaults, withField } from '../sharing.ts';
import { validateMatchConditions } from './expressions.ts';
import { defaultRules, validateRule } from './rules.ts';

export const failurePolicies = ['Fail', 'Ignore'];
export const matchPolicies = ['Equivalent', 'Exact'];
const harmless = ['None', 'NoneOnDryRun'];
const reviewVersions = ['v1', 'v1beta1'];
const timeoutSecondsMax = 30;
const urlForm = '; desired format: https://host[/path]';

type Webhook = ValidatingWebhook | MutatingWebhook;

/** A webhook with what the server fills in, whichever kind it is. */
export function defaultWebhook<W extends Webhook>(webhook: W): W {
  const { clientConfig, rules } = webhook;
  let next: Webhook = withDefaults<Webhook>(webhook, {
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
  });
  next = withField(next, 'rules', defaultRules(rules));
  if (clientConfig?.service !== undefined) {
    const service = withDefaults(clientConfig.service, { port: 443 });
    next = withField(next, 'clientConfig', withField(clientConfig, 'service', service));
  }
  return next as W;
}

function validateName(name = ''): FieldError[] {
  if (name === '') return [required('name')];
  const sentences = checkDns1123Subdomain(name);
  if (sentences.length > 0) return [invalidValue('name', name, sentences.join(','))];
  return name.split('.').length < 3
    ? [invalidValue('name', name, 'should be a domain with at least three segments separated by dots')]
    : [];
}

function validateUrl(text: string): FieldError[] {
  const parsed =
    /^([a-z][a-z0-9+.-]*):(?:\/\/(?:([^/?#@]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/i.exec(text);
  const [, scheme = '', user, host = '', , query = '', fragment = ''] = parsed ?? [];
  const errors: FieldError[] = [];
  if (scheme.toLowerCase() !== 'https')
    errors.push(invalidValue('url', scheme, `'https' is the only allowed URL scheme${urlForm}`));
  if (host === '') errors.push(invalidValue('url', host, `host must be specified${urlForm}`));
  if (user !== undefined)
    errors.push(invalidValue('url', user, 'user information is not permitted in the URL'));
  if (fragment !== '') errors.push(invalidValue('url', fragment, 'fragments are not permitted in the URL'));
  if (query !== '') errors.push(invalidValue('url', query, 'query parameters are not permitted in the URL'));
  return errors;
}

function validatePath(path = ''): FieldError[] {
  const refuse = (why: string) => [invalidValue('path', path, why)];
  if (path === '' || path === '/') return [];
  if (path === '//') return refuse('segment[0] may not be empty');
  if (!path.startsWith('/')) return refuse("must start with a '/'");
  return path
    .replace(/^\/|\/$/g, '')
    .split('/')
    .flatMap((segment, index) => {
      if (segment === '') return refuse(`segment[${index}] may not be empty`);
      return checkDns1123Subdomain(segment).flatMap((sentence) => refuse(`segment[${index}]: ${sentence}`));
    });
}

function validateService({ name, namespace, path, port = 443 }: ServiceReference): FieldError[] {
  const errors: FieldError[] = [];
  if (!name) errors.push(required('name', 'service name is required'));
  if (!namespace) errors.push(required('namespace', 'service namespace is required'));
  const sentences = checkPortNumber(port);
  if (sentences.length > 0)
    errors.push(invalidValue('port', port, `port is not valid: ${sentences.join(',')}`));
  return [...errors, ...validatePath(path)];
}

/** What is wrong with where a webhook is said to be. */
export function validateClientConfig({ url, service }: WebhookClientConfig): FieldError[] {
  if ((url === undefined) === (service === undefined))
    return [required('', 'exactly one of url or service is required')];
  return service === undefined ? validateUrl(url!) : under('service', validateService(service));
}

/** What is wrong with the versions of reviews that a webhook says it understands; `lacking` is said of none. */
export function validateReviewVersions(
  field: string,
  versions: readonly string[] = [],
  lacking = '',
): FieldError[] {
  if (versions.length === 0) return [required(field, lacking)];
  const errors = versions.flatMap((version, index) =>
    versions.indexOf(version) < index
      ? [invalidValue(`${field}[${index}]`, version, 'duplicate version')]
      : invalidFor(`${field}[${index}]`, version, checkDns1035Label(version)),
  );
  if (!versions.some((version) => reviewVersions.includes(version)))
    errors.push(invalidValue(field, versions, `must include at least one of ${reviewVersions.join(', ')}`));
  return errors;
}

/** An optional value that must be one of `values`. */
export function validateOptional(
  field: string,
  value: string | undefined,
  values: readonly string[],
): FieldError[] {
  return value === undefined || values.includes(value) ? [] : [notSupported(field, value, values)];
}

function validateWebhook(webhook: Webhook): FieldError[] {
  const { rules = [], sideEffects, timeoutSeconds, namespaceSelector, objectSelector } = webhook;
  const errors = [
    ...validateName(webhook.name),
    ...rules.flatMap((rule, index) => under(`rules[${index}]`, validateRule(rule))),
    ...validateOptional('failurePolicy', webhook.failurePolicy, failurePolicies),
    ...validateOptional('matchPolicy', webhook.matchPolicy, matchPolicies),
  ];
  if (sideEffects === undefined)
    errors.push(required('sideEffects', `must specify one of ${harmless.join(', ')}`));
  errors.push(...validateOptional('sideEffects', sideEffects, harmless));
  if (timeoutSeconds !== undefined && (timeoutSeconds > timeoutSecondsMax || timeoutSeconds < 1))
    errors.push(
      invalidValue(
        'timeoutSeconds',
        timeoutSeconds,
        `the timeout value must be between 1 and ${timeoutSecondsMax} seconds`,
      ),
    );
  errors.push(
    ...validateLabelSelector(namespaceSelector, 'namespaceSelector'),
    ...validateLabelSelector(objectSelector, 'objectSelector'),
  );
  if ('reinvocationPolicy' in webhook)
    errors.push(...validateOptional('reinvocationPolicy', webhook.reinvocationPolicy, ['IfNeeded', 'Never']));
  return [
    ...errors,
    ...under('clientConfig', validateClientConfig(webhook.clientConfig ?? {})),
    ...validateMatchConditions('matchConditions', webhook.matchConditions),
    ...validateReviewVersions(
      'admissionReviewVersions',
      webhook.admissionReviewVersions,
      `must specify one of ${reviewVersions.join(', ')}`,
    ),
  ];
}

/** What is wrong with the webhooks of a configuration. */
export function validateWebhooks(webhooks: readonly Webhook[] = []): FieldError[] {
  const names = new Set<string>();
  return webhooks.flatMap((webhook, index) => {
    const errors = under(`webhooks[${index}]`, validateWebhook(webhook));
    if (webhook.name && names.has(webhook.name))
      errors.push(duplicate(`webhooks[${index}].name`, webhook.name));
    names.add(webhook.name);
    return errors;
  });
}
