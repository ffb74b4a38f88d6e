// Upstream: pkg/apis/core/helper/helpers.go, pkg/apis/core/v1/helper/helpers.go
import { forbidden, notSupported } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';

/** How a volume or claim named its class before it had a field for it. */
export const storageClassAnnotation = 'volume.beta.kubernetes.io/storage-class';

const short: readonly (readonly [mode: string, short: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** Access modes as columns and descriptions show them: `RWO,ROX`, each once, in this order. */
export function formatAccessModes(modes: readonly string[] | undefined): string {
  return short
    .filter(([mode]) => modes?.includes(mode))
    .map(([, name]) => name)
    .join(',');
}

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

/** What is wrong with the access modes of a volume or a claim, at `accessModes`. */
export function validateAccessModes(modes: readonly string[]): FieldError[] {
  const errors = modes
    .filter((mode) => !accessModes.includes(mode))
    .map((mode) => notSupported('accessModes', mode, accessModes));
  const isAlone = modes.every((mode) => mode === 'ReadWriteOncePod' || !accessModes.includes(mode));
  if (modes.includes('ReadWriteOncePod') && !isAlone)
    errors.push(forbidden('accessModes', 'may not use ReadWriteOncePod with other access modes'));
  return errors;
}

export function validateVolumeMode(mode: string | undefined): FieldError[] {
  const modes = ['Block', 'Filesystem'];
  return mode === undefined || modes.includes(mode) ? [] : [notSupported('volumeMode', mode, modes)];
}
