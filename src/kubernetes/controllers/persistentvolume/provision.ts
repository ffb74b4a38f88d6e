// Upstream: pkg/controller/volume/persistentvolume/pv_controller.go provisionClaim
import type { PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { bindingAnnotations, classNameOf, withAnnotations } from '#kubernetes/api/volumeBinding.ts';
import { type Room, updateClaimStatus } from './room.ts';

/** Drivers that took over from provisioners that were part of Kubernetes. Upstream: csi-translation-lib */
const migrated: Readonly<Record<string, string>> = {
  'kubernetes.io/aws-ebs': 'ebs.csi.aws.com',
  'kubernetes.io/gce-pd': 'pd.csi.storage.gke.io',
  'kubernetes.io/azure-disk': 'disk.csi.azure.com',
  'kubernetes.io/azure-file': 'file.csi.azure.com',
  'kubernetes.io/cinder': 'cinder.csi.openstack.org',
  'kubernetes.io/vsphere-volume': 'csi.vsphere.vmware.com',
  'kubernetes.io/portworx-volume': 'pxd.portworx.com',
};

/** Asks the class's provisioner for a volume: it reads its name in an annotation of the claim. */
export function provisionClaim(room: Room, claim: PersistentVolumeClaim): void {
  const { classes, client, recorder } = room;
  const className = classNameOf(claim);
  const storageClass = classes.get(className);
  const fail = (message: string) => recorder.event(claim, 'Warning', 'ProvisioningFailed', message);
  if (storageClass === undefined) return fail(`storageclass.storage.k8s.io "${className}" not found`);
  const { provisioner } = storageClass;
  const name = migrated[provisioner] ?? provisioner;
  if (name.startsWith('kubernetes.io/')) return fail(`no volume plugin matched name: ${name}`);
  const { provisioner: annotation, betaProvisioner } = bindingAnnotations;
  const isAsked = claim.metadata.annotations?.[annotation] === name;
  const asked = isAsked
    ? claim
    : client.update(
        persistentVolumeClaims,
        withAnnotations(claim, { [betaProvisioner]: name, [annotation]: name }),
      );
  updateClaimStatus(room, asked, 'Pending', null);
  recorder.event(
    asked,
    'Normal',
    'ExternalProvisioning',
    `Waiting for a volume to be created either by the external provisioner '${name}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
  );
}
