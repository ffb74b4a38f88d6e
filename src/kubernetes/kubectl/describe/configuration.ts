// Upstream: kubectl/pkg/describe/describe.go describeNamespace, describeConfigMap, describeSecret, describeServiceAccount
import type { ConfigMap, Namespace, Secret, ServiceAccount } from '#generated/types/core.v1.ts';
import type { PriorityClass } from '#generated/types/scheduling.v1.ts';
import { decodeBase64 } from '#kubernetes/api/base64.ts';
import { eventsAbout, type Describer } from './describer.ts';
import { longTime, writeAnnotations, writeEvents, writeLabelsAndAnnotations } from './fields.ts';
import { writeLimitRanges, writeQuotas } from './limits.ts';

export const describeNamespace: Describer<Namespace> = {
  group: '',
  kind: 'Namespace',
  async describe({ metadata, status }, writer, context) {
    writer.line(0, `Name:\t${metadata.name}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, `Status:\t${status.phase ?? ''}`);
    if (status.conditions?.length) {
      writer.line(0, 'Conditions:');
      writer.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage');
      writer.line(1, '----\t------\t------------------\t------\t-------');
      for (const { type, status: value, lastTransitionTime, reason, message } of status.conditions) {
        writer.line(
          1,
          `${type}\t${value}\t${longTime(lastTransitionTime)}\t${reason ?? ''}\t${message ?? ''}`,
        );
      }
    }
    await writeQuotas(metadata.name, writer, context);
    await writeLimitRanges(metadata.name, writer, context);
  },
};

export const describePriorityClass: Describer<PriorityClass> = {
  group: 'scheduling.k8s.io',
  kind: 'PriorityClass',
  async describe(priorityClass, writer, context) {
    const { metadata, value, globalDefault, preemptionPolicy, description } = priorityClass;
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Value:\t${value}`);
    writer.line(0, `GlobalDefault:\t${globalDefault ?? false}`);
    writer.line(0, `PreemptionPolicy:\t${preemptionPolicy ?? ''}`);
    writer.line(0, `Description:\t${description ?? ''}`);
    writeAnnotations(writer, metadata, 'Annotations', 0, true);
    if (context.showEvents) writeEvents(writer, await eventsAbout(priorityClass, context), context.nowMs);
  },
};

export const describeConfigMap: Describer<ConfigMap> = {
  group: '',
  kind: 'ConfigMap',
  async describe(configMap, writer, context) {
    const { metadata, data = {}, binaryData = {} } = configMap;
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, '\nData\n====');
    for (const key of Object.keys(data).sort()) writer.line(0, `${key}:\n----\n${data[key]}\n`);
    writer.line(0, '\nBinaryData\n====');
    for (const key of Object.keys(binaryData).sort())
      writer.line(0, `${key}: ${decodeBase64(binaryData[key]!)?.length ?? 0} bytes`);
    writer.line(0, '');
    if (context.showEvents) writeEvents(writer, await eventsAbout(configMap, context), context.nowMs);
  },
};

export const describeSecret: Describer<Secret> = {
  group: '',
  kind: 'Secret',
  async describe({ metadata, type, data = {} }, writer) {
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, `\nType:\t${type ?? ''}`);
    writer.line(0, '\nData\n====');
    for (const key of Object.keys(data).sort())
      writer.line(0, `${key}:\t${decodeBase64(data[key]!)?.length ?? 0} bytes`);
  },
};

export const describeServiceAccount: Describer<ServiceAccount> = {
  group: '',
  kind: 'ServiceAccount',
  async describe(account, writer, context) {
    const { metadata, imagePullSecrets = [], secrets = [] } = account;
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    writeLabelsAndAnnotations(writer, metadata);
    for (const [title, names] of [
      ['Image pull secrets', imagePullSecrets.map(({ name }) => name)],
      ['Mountable secrets', secrets.map(({ name }) => name)],
      ['Tokens', []],
    ] as const) {
      writer.line(0, `${title}:\t${names[0] ?? '<none>'}`);
      for (const name of names.slice(1)) writer.line(0, `                   \t${name}`);
    }
    if (context.showEvents) writeEvents(writer, await eventsAbout(account, context), context.nowMs);
  },
};
