import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import type { Status } from '#generated/types/meta.v1.ts';
import type { Scenario } from '#classroom/scenario.ts';
import { Play } from './testPlay.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const scenario = load(
  readFileSync(new URL('../../lessons/scenarios/empty.yaml', import.meta.url), 'utf8'),
) as Scenario;

const commands = [
  'kubectl create quota team --hard=pods=30,count/configmaps=20',
  'kubectl create deployment web --image=nginx --replicas=3',
  'kubectl expose deployment web --port=80',
  'kubectl autoscale deployment web --min=1 --max=3',
  'kubectl create job once --image=busybox -- true',
  "kubectl create cronjob tick --image=busybox --schedule='* * * * *' -- true",
  'kubectl create poddisruptionbudget web --selector=app=web --min-available=1',
  'sleep 90',
  'kubectl delete deployment web; kubectl create namespace shop; kubectl delete namespace shop',
  'sleep 60',
];

test('every component is permitted what it does', { timeout: 60_000 }, async () => {
  const play = new Play(scenario, 'components', hop);
  const refused = new Set<string>();
  const { apiServer } = play.session.cluster;
  const { handle } = apiServer;
  apiServer.handle = (request) => {
    const answer = handle(request);
    if (answer.status === 401 || answer.status === 403)
      refused.add(`${request.user.name}: ${(answer.body as Status).message}`);
    return answer;
  };
  await play.wait(10_000);
  for (const command of commands) await play.act(command);
  expect([...refused]).toEqual([]);
});
