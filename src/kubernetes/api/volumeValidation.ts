// Upstream: ValidateVolumes and ValidateVolumeMounts in pkg/apis/core/validation/validation.go
import type { Container, KeyToPath, Volume, VolumeMount } from '#generated/types/core.v1.ts';
import {
  duplicate,
  forbidden,
  invalidValue,
  notFoundValue,
  notSupported,
  required,
} from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkConfigMapKey, checkDns1123Label } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, under } from './fieldChecks.ts';
import { remembered } from './sharing.ts';

/** The order in which upstream looks for sources: the second one found is the one too many. */
const sourceOrder =
  'emptyDir hostPath gitRepo gcePersistentDisk awsElasticBlockStore secret nfs iscsi glusterfs flocker persistentVolumeClaim rbd cinder cephfs quobyte downwardAPI fc flexVolume configMap azureFile vsphereVolume photonPersistentDisk portworxVolume azureDisk storageos projected scaleIO csi ephemeral image'.split(
    ' ',
  );

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

/** Permissions of files, as a number. */
export function validateMode(field: string, mode: number | undefined): FieldError[] {
  return mode !== undefined && (mode < 0 || mode > 0o777)
    ? [invalidValue(field, mode, 'must be a number between 0 and 0777 (octal), both inclusive')]
    : [];
}

/** A path inside of a volume: relative, and never up. */
export function validateLocalPath(field: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (path.startsWith('/')) errors.push(invalidValue(field, path, 'must be a relative path'));
  if (path.split('/').includes('..')) errors.push(invalidValue(field, path, "must not contain '..'"));
  return errors;
}

/** What is wrong with the files that a ConfigMap's or a Secret's keys become; fields are relative to their owner. */
export function validateItems(items: readonly KeyToPath[] | undefined): FieldError[] {
  return (items ?? []).flatMap(({ key, path, mode }, index) => [
    ...(key
      ? invalidFor(`items[${index}].key`, key, checkConfigMapKey(key))
      : [required(`items[${index}].key`)]),
    ...(path ? validateLocalPath(`items[${index}].path`, path) : [required(`items[${index}].path`)]),
    ...validateMode(`items[${index}].mode`, mode),
  ]);
}

const sourceRules: Readonly<Record<string, (volume: Volume) => FieldError[]>> = {
  configMap: ({ configMap }) => [
    ...(configMap!.name ? [] : [required('name')]),
    ...validateMode('defaultMode', configMap!.defaultMode),
    ...validateItems(configMap!.items),
  ],
  secret: ({ secret }) => [
    ...(secret!.secretName ? [] : [required('secretName')]),
    ...validateMode('defaultMode', secret!.defaultMode),
    ...validateItems(secret!.items),
  ],
  hostPath: ({ hostPath }) => [
    ...(hostPath!.path ? [] : [required('path')]),
    ...((hostPath!.path ?? '').split('/').includes('..')
      ? [invalidValue('path', hostPath!.path, "must not contain '..'")]
      : []),
    ...(hostPathTypes.includes(hostPath!.type ?? '')
      ? []
      : [notSupported('type', hostPath!.type, hostPathTypes)]),
  ],
  persistentVolumeClaim: ({ persistentVolumeClaim }) =>
    persistentVolumeClaim!.claimName ? [] : [required('claimName')],
  nfs: ({ nfs }) => [
    ...(nfs!.server ? [] : [required('server')]),
    ...(nfs!.path ? [] : [required('path')]),
    ...(nfs!.path && !nfs!.path.startsWith('/')
      ? [invalidValue('path', nfs!.path, 'must be an absolute path')]
      : []),
  ],
};

/** What is wrong with a source of the common kinds; fields are relative to it. */
export function validateCommonSource(name: string, sources: Omit<Volume, 'name'>): FieldError[] {
  return sourceRules[name]?.({ name: '', ...sources }) ?? [];
}

function validateVolume(volume: Volume): FieldError[] {
  const sources = Object.keys(volume)
    .filter((key) => key !== 'name')
    .sort((a, b) => sourceOrder.indexOf(a) - sourceOrder.indexOf(b));
  const [first, ...others] = sources;
  if (first === undefined) return [required('', 'must specify a volume type')];
  return [
    ...under(first, validateCommonSource(first, volume)),
    ...others.map((source) => forbidden(source, 'may not specify more than 1 volume type')),
  ];
}

/** What is wrong with a pod's volumes. Fields are relative to the list; remembered per list. */
export const validateVolumes = remembered((volumes: readonly Volume[]): readonly FieldError[] => {
  const names = new Set<string>();
  return volumes.flatMap((volume, index) => {
    const { name } = volume;
    const errors = under(`[${index}]`, validateVolume(volume));
    if (!name) errors.push(required(`[${index}].name`));
    else errors.push(...invalidFor(`[${index}].name`, name, checkDns1123Label(name)));
    if (names.has(name)) errors.push(duplicate(`[${index}].name`, name));
    names.add(name);
    return errors;
  });
});

function validateMount(mount: VolumeMount, volumes: readonly Volume[], paths: Set<string>): FieldError[] {
  const { name, mountPath, subPath, subPathExpr } = mount;
  const errors: FieldError[] = [];
  if (!name) errors.push(required('name'));
  if (!volumes.some((volume) => volume.name === name)) errors.push(notFoundValue('name', name));
  if (!mountPath) errors.push(required('mountPath'));
  if (paths.has(mountPath)) errors.push(invalidValue('mountPath', mountPath, 'must be unique'));
  paths.add(mountPath);
  if (subPath) errors.push(...validateLocalPath('subPath', subPath));
  if (subPathExpr) {
    if (subPath)
      errors.push(invalidValue('subPathExpr', subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
    errors.push(...validateLocalPath('subPathExpr', subPathExpr));
  }
  return errors;
}

/** What is wrong with a container's mounts, given the pod's volumes. Fields are relative to the container. */
export function validateMounts(container: Container, volumes: readonly Volume[]): FieldError[] {
  const paths = new Set<string>();
  return (container.volumeMounts ?? []).flatMap((mount, index) =>
    under(`volumeMounts[${index}]`, validateMount(mount, volumes, paths)),
  );
}
