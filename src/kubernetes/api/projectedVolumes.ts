// Upstream: validateProjectionSources and validateDownwardAPIVolumeFile in pkg/apis/core/validation/validation.go
import type { KeyToPath, Volume } from '#generated/types/core.v1.ts';
import { forbidden, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { validateLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import { checkDns1123Subdomain, checkLabelKey } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { validateContainerResource } from './containerResourceRef.ts';
import { invalidFor, under } from './fieldChecks.ts';
import { validateItems, validateLocalPath, validateMode } from './volumeValidation.ts';

type Projected = NonNullable<Volume['projected']>;
type Projection = NonNullable<Projected['sources']>[number];
type DownwardFile = NonNullable<NonNullable<Volume['downwardAPI']>['items']>[number];

const tokenSecondsMin = 600;
const tokenSecondsMax = 2 ** 32;
const keyTypes = ['ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519', 'RSA3072', 'RSA4096'];

/** Fields of a pod that a file may show, sorted as upstream lists them. */
const fileFields = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];

const otherFields = [
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.phase',
  'status.podIP',
  'status.podIPs',
];

/** A path that a volume is filled at: relative, never up, and not of the names that the kubelet keeps for itself. */
function validateFilePath(field: string, path: string): FieldError[] {
  const errors = validateLocalPath(field, path);
  const isReserved = path.startsWith('..') && !path.startsWith('../') && errors.length === 0;
  return isReserved ? [invalidValue(field, path, "must not start with '..'")] : errors;
}

function validateFileField({ apiVersion, fieldPath }: NonNullable<DownwardFile['fieldRef']>): FieldError[] {
  if (!apiVersion) return [required('apiVersion')];
  if (!fieldPath) return [required('fieldPath')];
  const [, path, key = ''] = /^(.*)\['(.*)'\]$/.exec(fieldPath) ?? [];
  if (path === 'metadata.annotations') return invalidFor('', key, checkLabelKey(key.toLowerCase()));
  if (path === 'metadata.labels') return invalidFor('', key, checkLabelKey(key));
  if (path !== undefined) return [invalidValue('', path, 'does not support subscript')];
  if (fileFields.includes(fieldPath)) return [];
  if (otherFields.includes(fieldPath)) return [notSupported('fieldPath', fieldPath, fileFields)];
  const why = `error converting fieldPath: field label not supported: ${fieldPath}`;
  return [invalidValue('fieldPath', fieldPath, why)];
}

/** Upstream names no index in the path of a file's errors. */
function validateFile({ path, fieldRef, resourceFieldRef, mode }: DownwardFile): FieldError[] {
  const errors: FieldError[] = [];
  if (!path) errors.push(required('path'));
  else errors.push(...validateFilePath('path', path));
  if (fieldRef) {
    errors.push(...under('fieldRef', validateFileField(fieldRef)));
    const why = 'fieldRef and resourceFieldRef can not be specified simultaneously';
    if (resourceFieldRef) errors.push(invalidValue('', 'resource', why));
  } else if (resourceFieldRef) {
    errors.push(...under('resourceFieldRef', validateContainerResource(resourceFieldRef, true)));
  } else {
    errors.push(required('', 'one of fieldRef and resourceFieldRef is required'));
  }
  return [...errors, ...validateMode('mode', mode)];
}

/** What is wrong with a volume of the downward API; fields are relative to it. */
export function validateDownwardApi(source: NonNullable<Volume['downwardAPI']>): FieldError[] {
  return [...validateMode('defaultMode', source.defaultMode), ...(source.items ?? []).flatMap(validateFile)];
}

function validateToken({
  expirationSeconds,
  path,
}: NonNullable<Projection['serviceAccountToken']>): FieldError[] {
  const seconds = expirationSeconds ?? 0;
  const field = 'serviceAccountToken.expirationSeconds';
  const errors: FieldError[] = [];
  if (seconds < tokenSecondsMin)
    errors.push(invalidValue(field, seconds, 'may not specify a duration less than 10 minutes'));
  if (seconds > tokenSecondsMax)
    errors.push(invalidValue(field, seconds, 'may not specify a duration larger than 2^32 seconds'));
  return path ? errors : [...errors, required('serviceAccountToken.path')];
}

function validateBundle(bundle: NonNullable<Projection['clusterTrustBundle']>): FieldError[] {
  const { name, signerName, labelSelector, path } = bundle;
  const errors: FieldError[] = [];
  if (name !== undefined && signerName !== undefined) {
    errors.push(invalidValue('', bundle, 'only one of name and signerName may be used'));
  } else if (name !== undefined) {
    if (name === '') errors.push(required('name', 'must be a valid object name'));
    for (const sentence of checkDns1123Subdomain(name.replaceAll(':', '.')))
      errors.push(invalidValue('name', name, `not a valid clustertrustbundlename: ${sentence}`));
    const why = 'labelSelector must be unset if name is specified';
    if (labelSelector) errors.push(invalidValue('labelSelector', labelSelector, why));
  } else if (signerName !== undefined) {
    if (signerName === '') errors.push(required('signerName', 'must be a valid signer name'));
    errors.push(...validateLabelSelector(labelSelector, 'labelSelector'));
  } else {
    errors.push(required('', 'either name or signerName must be specified'));
  }
  return [...errors, ...(path ? validateFilePath('path', path) : [required('path')])];
}

function validateCertificate(certificate: NonNullable<Projection['podCertificate']>): FieldError[] {
  const { signerName, keyType, credentialBundlePath, keyPath, certificateChainPath } = certificate;
  const errors: FieldError[] = [];
  if (!signerName) errors.push(required('signerName', 'must be a valid signer name'));
  if (!keyTypes.includes(keyType)) errors.push(notSupported('keyType', keyType ?? '', keyTypes));
  if (!credentialBundlePath && !keyPath && !certificateChainPath)
    errors.push(
      required('', 'specify at least one of credentialBundlePath, keyPath, and certificateChainPath'),
    );
  for (const [field, path] of Object.entries({ credentialBundlePath, keyPath, certificateChainPath }))
    if (path) errors.push(...validateFilePath(field, path));
  return errors;
}

/** The paths that a source writes files at. */
function pathsOf(source: Projection): readonly string[] {
  const items: readonly (KeyToPath | DownwardFile)[] = [
    ...(source.secret?.items ?? []),
    ...(source.configMap?.items ?? []),
    ...(source.downwardAPI?.items ?? []),
  ];
  const { credentialBundlePath = '', keyPath = '', certificateChainPath = '' } = source.podCertificate ?? {};
  const bundle = source.clusterTrustBundle?.path ?? '';
  return [...items.map(({ path }) => path), bundle, credentialBundlePath, keyPath, certificateChainPath];
}

function validateSources(source: Projection): FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = source;
  const errors: FieldError[] = [];
  for (const [field, named] of Object.entries({ secret, configMap }))
    if (named)
      errors.push(
        ...under(field, [...(named.name ? [] : [required('name')]), ...validateItems(named.items)]),
      );
  if (downwardAPI) errors.push(...under('downwardAPI', (downwardAPI.items ?? []).flatMap(validateFile)));
  if (serviceAccountToken) errors.push(...validateToken(serviceAccountToken));
  if (clusterTrustBundle) errors.push(...under('clusterTrustBundle', validateBundle(clusterTrustBundle)));
  if (podCertificate) errors.push(...under('podCertificate', validateCertificate(podCertificate)));
  if (Object.keys(source).length > 1)
    errors.push(forbidden('', 'may not specify more than 1 volume type per source'));
  return errors;
}

/** What is wrong with a projected volume; fields are relative to it. */
export function validateProjected({ defaultMode, sources = [] }: Projected): FieldError[] {
  const errors = validateMode('defaultMode', defaultMode);
  const seen = new Set<string>();
  for (const [index, source] of sources.entries()) {
    errors.push(...under(`sources[${index}]`, validateSources(source)));
    for (const path of pathsOf(source)) {
      if (path && seen.has(path)) {
        const shown = source.secret?.name ?? source.configMap?.name ?? path;
        errors.push(invalidValue('', shown, 'conflicting duplicate paths'));
      }
      seen.add(path);
    }
  }
  return errors;
}
