import type { HorizontalPodAutoscaler } from '#generated/types/autoscaling.v2.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import type { Selector } from '#kubernetes/apimachinery/labels.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import type { ControllerContext } from '../controller.ts';

export interface Room extends ControllerContext {
  readonly autoscalers: Informer<HorizontalPodAutoscaler>;
  readonly podCache: Informer<Pod>;
  /** Which pods each autoscaler followed when it last looked, by its key. */
  readonly selectors: Map<string, Selector>;
}
