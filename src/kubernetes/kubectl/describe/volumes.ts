// Upstream: kubectl/pkg/describe/describe.go describeVolumes (the sources that a browser's cluster can hold)
import type { Volume } from '#generated/types/core.v1.ts';
import { canonicalQuantity, compareQuantities } from '#kubernetes/apimachinery/quantity.ts';
import type { DescribeWriter } from './describeWriter.ts';

/** The lines under a volume's name, one for each field. */
function linesOf(volume: Volume): string[] {
  const {
    configMap,
    csi,
    downwardAPI,
    emptyDir,
    ephemeral,
    hostPath,
    image,
    nfs,
    persistentVolumeClaim,
    projected,
    secret,
  } = volume;
  if (hostPath) {
    return [
      'Type:\tHostPath (bare host directory volume)',
      `Path:\t${hostPath.path}`,
      `HostPathType:\t${hostPath.type ?? '<none>'}`,
    ];
  }
  if (emptyDir) {
    const limit = emptyDir.sizeLimit;
    const size =
      limit !== undefined && compareQuantities(limit, 0) > 0 ? canonicalQuantity(limit) : '<unset>';
    return [
      "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)",
      `Medium:\t${emptyDir.medium ?? ''}`,
      `SizeLimit:\t${size}`,
    ];
  }
  if (secret) {
    return [
      'Type:\tSecret (a volume populated by a Secret)',
      `SecretName:\t${secret.secretName ?? ''}`,
      `Optional:\t${secret.optional ?? false}`,
    ];
  }
  if (configMap) {
    return [
      'Type:\tConfigMap (a volume populated by a ConfigMap)',
      `Name:\t${configMap.name ?? ''}`,
      `Optional:\t${configMap.optional ?? false}`,
    ];
  }
  if (nfs) {
    return [
      'Type:\tNFS (an NFS mount that lasts the lifetime of a pod)',
      `Server:\t${nfs.server}`,
      `Path:\t${nfs.path}`,
      `ReadOnly:\t${nfs.readOnly ?? false}`,
    ];
  }
  if (persistentVolumeClaim) {
    return [
      'Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
      `ClaimName:\t${persistentVolumeClaim.claimName}`,
      `ReadOnly:\t${persistentVolumeClaim.readOnly ?? false}`,
    ];
  }
  if (ephemeral)
    return [
      'Type:\tEphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
    ];
  if (downwardAPI) {
    const items = (downwardAPI.items ?? []).map(
      (item) => `  ${item.fieldRef?.fieldPath ?? item.resourceFieldRef?.resource ?? ''} -> ${item.path}`,
    );
    return ['Type:\tDownwardAPI (a volume populated by information about the pod)', 'Items:', ...items];
  }
  if (projected)
    return [
      'Type:\tProjected (a volume that contains injected data from multiple sources)',
      ...projectedLines(projected),
    ];
  if (csi) {
    const { volumeHandle } = csi as { readonly volumeHandle?: string };
    return [
      'Type:\tCSI (a Container Storage Interface (CSI) volume source)',
      `Driver:\t${csi.driver}`,
      `FSType:\t${csi.fsType ?? ''}`,
      ...(volumeHandle === undefined ? [] : [`VolumeHandle:\t${volumeHandle}`]),
      `ReadOnly:\t${csi.readOnly ?? false}`,
      `VolumeAttributes:\t<none>`,
    ];
  }
  if (image) {
    return [
      'Type:\tImage (a container image or OCI artifact)',
      `Reference:\t${image.reference ?? ''}`,
      `PullPolicy:\t${image.pullPolicy ?? ''}`,
    ];
  }
  return ['<unknown>'];
}

function projectedLines({ sources = [] }: NonNullable<Volume['projected']>): string[] {
  return sources.flatMap(({ secret, downwardAPI, configMap, serviceAccountToken }) => {
    if (secret) return [`SecretName:\t${secret.name ?? ''}`, `Optional:\t${secret.optional ?? false}`];
    if (downwardAPI) return ['DownwardAPI:\ttrue'];
    if (configMap)
      return [`ConfigMapName:\t${configMap.name ?? ''}`, `Optional:\t${configMap.optional ?? false}`];
    return serviceAccountToken
      ? [`TokenExpirationSeconds:\t${serviceAccountToken.expirationSeconds ?? 3600}`]
      : [];
  });
}

/** The source of a volume. */
export function writeSource(writer: DescribeWriter, volume: Volume): void {
  const lines = linesOf(volume);
  for (const line of lines) writer.line(lines[0] === '<unknown>' ? 1 : 2, line);
}

/** The volumes of a pod, or of a template where `indent` is two spaces. */
export function writeVolumes(writer: DescribeWriter, volumes: readonly Volume[] = [], indent = ''): void {
  if (volumes.length === 0) return writer.line(0, `${indent}Volumes:\t<none>`);
  writer.line(0, `${indent}Volumes:`);
  for (const volume of volumes) {
    writer.line(1, `${indent === '' ? '' : ' '}${volume.name}:`);
    writeSource(writer, volume);
  }
}
