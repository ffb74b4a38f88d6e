import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { isDefaultStorageClass, storageClasses } from './storageClass.ts';

const provisioner = 'kubernetes.io/aws-ebs';

test.each<[string, object, string[]]>([
  ['good', { provisioner }, []],
  ['no provisioner', {}, ['provisioner: Required value']],
  [
    'a provisioner that is no qualified name',
    { provisioner: 'a/b/c' },
    [
      "provisioner: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ],
  ],
  [
    'modes that do not exist',
    { provisioner, reclaimPolicy: 'Recycle', volumeBindingMode: 'Immediate' },
    ['reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"'],
  ],
  [
    'a topology that repeats itself',
    {
      provisioner,
      allowedTopologies: [
        {
          matchLabelExpressions: [
            { key: 'zone', values: ['a', 'a'] },
            { key: 'zone', values: [] },
          ],
        },
      ],
    },
    [
      'allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"',
      'allowedTopologies[0].matchLabelExpressions[1].values: Required value',
      'allowedTopologies[0].matchLabelExpressions[1].key: Duplicate value: "zone"',
    ],
  ],
  [
    'an empty parameter',
    { provisioner, parameters: { '': 'x' } },
    ['parameters: Invalid value: "": field can not be empty.'],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(storageClasses, manifest)).toEqual(errors);
});

test('what a class makes stays', () => {
  const before = { provisioner, parameters: { type: 'gp2' } };
  const after = {
    provisioner: 'x',
    parameters: { type: 'gp3' },
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
  };
  expect(updateErrors(storageClasses, before, after)).toEqual([
    'parameters: Forbidden: updates to parameters are forbidden.',
    'provisioner: Forbidden: updates to provisioner are forbidden.',
    'reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.',
    'volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable',
  ]);
  expect(updateErrors(storageClasses, before, { ...before, allowVolumeExpansion: true })).toEqual([]);
});

test.each(['storageclass.kubernetes.io', 'storageclass.beta.kubernetes.io'])(
  '%s marks the default',
  (domain) => {
    const annotations = { [`${domain}/is-default-class`]: 'true' };
    const storageClass = created(storageClasses, { metadata: { annotations }, provisioner });
    expect(isDefaultStorageClass(storageClass)).toBe(true);
    expect(cells(storageClasses, storageClass)).toEqual({
      Name: 'x (default)',
      Provisioner: provisioner,
      ReclaimPolicy: 'Delete',
      VolumeBindingMode: 'Immediate',
      AllowVolumeExpansion: false,
      Age: '60m',
    });
  },
);
