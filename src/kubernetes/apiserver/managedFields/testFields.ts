import type { ManagedFieldsEntry } from '#generated/types/meta.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { decodeFields, pathText } from '#kubernetes/apimachinery/fieldsV1.ts';
import { pathsOf } from '#kubernetes/apimachinery/fieldSet.ts';

/** Managed fields as lines: `kubelet Update v1 status: .status.phase .status.podIP`. */
export function ownersText(object: unknown): string[] {
  const { managedFields = [] } = (object as KubeObject).metadata;
  return managedFields.map((entry: ManagedFieldsEntry) => {
    const { manager, operation, apiVersion, subresource, fieldsV1 } = entry;
    const paths = pathsOf(decodeFields(fieldsV1)!).map(pathText).sort();
    return `${[manager, operation, apiVersion, subresource].filter(Boolean).join(' ')}: ${paths.join(' ')}`;
  });
}
