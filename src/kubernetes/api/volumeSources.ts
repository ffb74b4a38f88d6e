// Upstream: the validate…VolumeSource functions of pkg/apis/core/validation/validation.go
import type { PersistentVolumeSpec, Volume } from '#generated/types/core.v1.ts';
import { invalidValue, notSupported, required, tooLong } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Label, checkDns1123Subdomain } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor } from './fieldChecks.ts';

type Sources = Partial<Pick<Volume, Exclude<keyof Volume, 'name'>>> & Partial<PersistentVolumeSpec>;
type SourceName = keyof Sources;

interface Secret {
  readonly name?: string;
  readonly namespace?: string;
}

const driverNameLengthMax = 63;
const lunMax = 255;

/** The names of `fields` that have no value, as required. */
function require(source: object, ...fields: string[]): FieldError[] {
  const values = source as Readonly<Record<string, unknown>>;
  return fields
    .filter((field) => values[field] === undefined || values[field] === '' || isEmptyList(values[field]))
    .map((field) => required(field));
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** A secret by its name; the one of a persistent volume says its namespace too. */
function requireSecret(secret: Secret | undefined, ofVolume: boolean, path = 'secretRef'): FieldError[] {
  if (secret === undefined) return [];
  return require(secret, 'name', ...(ofVolume ? ['namespace'] : [])).map((error) => ({
    ...error,
    field: `${path}.${error.field}`,
  }));
}

/** Upstream: ValidateCSIDriverName. */
function validateDriver(driver: string): FieldError[] {
  return [
    ...(driver ? [] : [required('driver')]),
    ...(driver.length > driverNameLengthMax ? [tooLong('driver', driverNameLengthMax)] : []),
    ...invalidFor('driver', driver, checkDns1123Subdomain(driver.toLowerCase())),
  ];
}

function validatePartition(partition: number | undefined): FieldError[] {
  return partition !== undefined && (partition < 0 || partition > lunMax)
    ? [invalidValue('partition', partition, 'must be between 0 and 255, inclusive')]
    : [];
}

function validateOptions({ driver, options = {} }: NonNullable<Sources['flexVolume']>): FieldError[] {
  const reserved = Object.keys(options).filter((key) =>
    /\.(kubernetes|k8s)\.io$/.test(`.${key.split('/', 1)[0]!.toLowerCase()}`),
  );
  const why = 'kubernetes.io and k8s.io namespaces are reserved';
  return [
    ...(driver ? [] : [required('driver')]),
    ...reserved.map((key) => invalidValue(`options[${key}]`, key, why)),
  ];
}

function validateIscsi({ targetPortal, iqn, lun, ...rest }: NonNullable<Sources['iscsi']>): FieldError[] {
  const errors = require({ targetPortal }, 'targetPortal');
  if (!iqn) errors.push(required('iqn'));
  else if (
    !/^(iqn\.\d{4}-\d{2}\.([\w-]+(?:\.[\w-]+)*)(:[^,;*&$|\s]+)?|eui\.[0-9A-Fa-f]{16}|naa\.[0-9A-Fa-f]{32})$/.test(
      iqn,
    )
  )
    errors.push(invalidValue('iqn', iqn, 'must be valid format'));
  if (lun < 0 || lun > lunMax) errors.push(invalidValue('lun', lun, 'must be between 0 and 255, inclusive'));
  if ((rest.chapAuthDiscovery || rest.chapAuthSession) && rest.secretRef === undefined)
    errors.push(required('secretRef'));
  return errors;
}

function validateFc({ targetWWNs = [], wwids = [], lun }: NonNullable<Sources['fc']>): FieldError[] {
  if (targetWWNs.length === 0 && wwids.length === 0)
    return [required('targetWWNs', 'must specify either targetWWNs or wwids, but not both')];
  if (targetWWNs.length > 0 && wwids.length > 0)
    return [
      invalidValue('targetWWNs', targetWWNs, 'targetWWNs and wwids can not be specified simultaneously'),
    ];
  if (targetWWNs.length === 0) return [];
  if (lun === undefined) return [required('lun', 'lun is required if targetWWNs is specified')];
  return lun < 0 || lun > lunMax ? [invalidValue('lun', lun, 'must be between 0 and 255, inclusive')] : [];
}

function validateFlocker({
  datasetName = '',
  datasetUUID = '',
}: NonNullable<Sources['flocker']>): FieldError[] {
  const errors: FieldError[] = [];
  if (!datasetName && !datasetUUID)
    errors.push(required('datasetName', 'one of datasetName and datasetUUID is required'));
  if (datasetName && datasetUUID) {
    const why = 'datasetName and datasetUUID can not be specified simultaneously';
    errors.push(invalidValue('', 'resource', why));
  }
  if (datasetName.includes('/'))
    errors.push(invalidValue('datasetName', datasetName, "must not contain '/'"));
  return errors;
}

const managedDisk =
  '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const blobDisk = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';

function validateAzureDisk(disk: NonNullable<Sources['azureDisk']>): FieldError[] {
  const { diskURI, cachingMode, kind } = disk;
  const errors = require(disk, 'diskName', 'diskURI');
  const modes = ['None', 'ReadOnly', 'ReadWrite'];
  const kinds = ['Dedicated', 'Managed', 'Shared'];
  if (cachingMode !== undefined && !modes.includes(cachingMode))
    errors.push(notSupported('cachingMode', cachingMode, modes));
  if (kind !== undefined && !kinds.includes(kind)) errors.push(notSupported('kind', kind, kinds));
  if (kind === 'Managed' && !(diskURI ?? '').startsWith('/subscriptions/'))
    errors.push(notSupported('diskURI', diskURI, [managedDisk]));
  if (kind !== undefined && kind !== 'Managed' && !(diskURI ?? '').startsWith('https://'))
    errors.push(notSupported('diskURI', diskURI, [blobDisk]));
  return errors;
}

function validateStorageOs(
  { volumeName, volumeNamespace, secretRef }: NonNullable<Sources['storageos']>,
  ofVolume: boolean,
): FieldError[] {
  return [
    ...(volumeName
      ? invalidFor('volumeName', volumeName, checkDns1123Label(volumeName))
      : [required('volumeName')]),
    ...(volumeNamespace
      ? invalidFor('volumeNamespace', volumeNamespace, checkDns1123Label(volumeNamespace))
      : []),
    ...requireSecret(secretRef, ofVolume),
  ];
}

function validateQuobyte({ registry, volume, tenant = '' }: NonNullable<Sources['quobyte']>): FieldError[] {
  const errors: FieldError[] = [];
  const why = 'must be a host:port pair or multiple pairs separated by commas';
  if (!registry) errors.push(required('registry', why));
  else if (tenant.length > 64)
    errors.push(required('tenant', 'must be a UUID and may not exceed a length of 64 characters'));
  else if (registry.split(',').some((pair) => !/^[^:]+:\d+$/.test(pair)))
    errors.push(invalidValue('registry', registry, why));
  if (!volume) errors.push(required('volume'));
  return errors;
}

const csiSecrets = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
] as const;

function validateCsi(source: NonNullable<Sources['csi']>, ofVolume: boolean): FieldError[] {
  const errors = validateDriver(source.driver ?? '');
  if (!ofVolume)
    return [...errors, ...requireSecret(source.nodePublishSecretRef, false, 'nodePublishSecretRef')];
  errors.push(...require(source, 'volumeHandle'));
  for (const field of csiSecrets) errors.push(...requireSecret(source[field], true, field));
  return errors;
}

function validateLocal({ path }: NonNullable<PersistentVolumeSpec['local']>): FieldError[] {
  if (!path) return [required('path')];
  return path.split('/').includes('..') ? [invalidValue('path', path, "must not contain '..'")] : [];
}

/** What is wrong with a source; `ofVolume` is true where it stands in a persistent volume. */
type Rule<N extends SourceName> = (source: NonNullable<Sources[N]>, ofVolume: boolean) => FieldError[];

const rules: { readonly [N in SourceName]?: Rule<N> } = {
  gitRepo: (source) => [
    ...require(source, 'repository'),
    ...((source.directory ?? '').split('/').includes('..')
      ? [invalidValue('directory', source.directory, "must not contain '..'")]
      : []),
  ],
  gcePersistentDisk: (source) => [...require(source, 'pdName'), ...validatePartition(source.partition)],
  awsElasticBlockStore: (source) => [...require(source, 'volumeID'), ...validatePartition(source.partition)],
  iscsi: validateIscsi,
  glusterfs: (source) => require(source, 'endpoints', 'path'),
  flocker: validateFlocker,
  rbd: (source) => require(source, 'monitors', 'image'),
  cinder: (source, ofVolume) => [
    ...require(source, 'volumeID'),
    ...requireSecret(source.secretRef, ofVolume),
  ],
  cephfs: (source) => require(source, 'monitors'),
  quobyte: validateQuobyte,
  fc: validateFc,
  flexVolume: validateOptions,
  azureFile: (source) => require(source, 'secretName', 'shareName'),
  vsphereVolume: (source) => require(source, 'volumePath'),
  photonPersistentDisk: (source) => require(source, 'pdID'),
  portworxVolume: (source) => require(source, 'volumeID'),
  azureDisk: validateAzureDisk,
  storageos: validateStorageOs,
  scaleIO: (source) => require(source, 'gateway', 'system', 'volumeName'),
  csi: validateCsi,
  local: validateLocal,
};

/** What is wrong with one source of a volume, where upstream has a rule about it. Fields are relative to the source. */
export function validateSource(name: string, sources: object, ofVolume: boolean): FieldError[] {
  const rule = rules[name as SourceName] as Rule<SourceName> | undefined;
  const source = (sources as Sources)[name as SourceName];
  return rule === undefined || source === undefined ? [] : rule(source, ofVolume);
}
