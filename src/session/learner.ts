import type { UserInfo } from '#kubernetes/api/request.ts';

/** Who the learner is to the cluster: the administrator of kubeadm's kubeconfig. */
export const learner: UserInfo = {
  name: 'kubernetes-admin',
  groups: ['kubeadm:cluster-admins', 'system:authenticated'],
};
