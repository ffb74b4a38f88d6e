import type { PodTemplate } from '#generated/types/core.v1.ts';
import { formatLabels } from '#kubernetes/apimachinery/labels.ts';
import { column, containerColumns, nameColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { validatePodTemplate } from '../podSpecValidation.ts';
import { defaultPodTemplate } from '../podTemplate.ts';
import { podSpecWarnings } from '../podWarnings.ts';
import { withField } from '../sharing.ts';

export type { PodTemplate };

export const podTemplates: Kind<PodTemplate> = {
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  singular: 'podtemplate',
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.PodTemplate',
  hasStatus: false,
  countsGenerations: true,
  defaults: (object) => withField(object, 'template', defaultPodTemplate(object.template)),
  validate: ({ template }) => validatePodTemplate(template, 'template'),
  warnings: ({ template }) => podSpecWarnings('template.spec', template?.spec),
  columns: [
    nameColumn,
    ...containerColumns<PodTemplate>(({ template }) => template?.spec).map((wide) => ({
      ...wide,
      priority: 0,
    })),
    column(
      'Pod Labels',
      ({ template }) => formatLabels(template?.metadata?.labels),
      'string',
      'The labels for the pod template.',
    ),
  ],
};
