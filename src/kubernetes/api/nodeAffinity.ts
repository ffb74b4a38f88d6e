// Upstream: component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go
import type { Node, NodeSelectorTerm, PodSpec } from '#generated/types/core.v1.ts';
import { Selector, isInteger, matches as hasLabels } from '#kubernetes/apimachinery/labels.ts';
import { remembered } from './sharing.ts';

type NodeRequirement = NonNullable<NodeSelectorTerm['matchExpressions']>[number];
type Operator = ConstructorParameters<typeof Selector>[0][number]['operator'];

const operators: Readonly<Record<string, Operator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
  Gt: '>',
  Lt: '<',
};

function compile(requirements: readonly NodeRequirement[]): Selector {
  return new Selector(
    requirements.map(({ key, operator, values = [] }) => ({ key, operator: operators[operator]!, values })),
  );
}

const compiled = remembered((term: NodeSelectorTerm) => ({
  labels: compile(term.matchExpressions ?? []),
  // The only field is metadata.name, so a field's name does for a label's.
  fields: compile(term.matchFields ?? []),
  isEmpty: !term.matchExpressions?.length && !term.matchFields?.length,
  isValid: (term.matchExpressions ?? []).every(
    ({ operator, values }) =>
      (operator !== 'Gt' && operator !== 'Lt') || (values?.length === 1 && isInteger(values[0]!)),
  ),
}));

/** Whether a node is what a term asks for; a term that asks for nothing takes no node. */
export function matchesNodeTerm(term: NodeSelectorTerm, node: Node): boolean {
  const { labels, fields, isEmpty, isValid } = compiled(term);
  return (
    !isEmpty &&
    isValid &&
    labels.matches(node.metadata.labels) &&
    (fields.empty || fields.matches({ 'metadata.name': node.metadata.name }))
  );
}

/** Whether a node has the labels of a pod's nodeSelector and is one of those that its affinity requires. */
export function matchesRequiredAffinity({ nodeSelector, affinity }: PodSpec, node: Node): boolean {
  if (!hasLabels(nodeSelector, node.metadata.labels)) return false;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || required.nodeSelectorTerms.some((term) => matchesNodeTerm(term, node));
}
