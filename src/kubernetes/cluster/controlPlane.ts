/** The node that the control plane runs on, as kubeadm sets it up. */
export const controlPlane = {
  name: 'control-plane',
  address: '10.0.0.2',
  role: 'node-role.kubernetes.io/control-plane',
} as const;
