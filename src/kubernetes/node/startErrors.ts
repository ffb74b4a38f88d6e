/** A container cannot be made as its spec says; `reason` is what its waiting state shows. */
export class ContainerConfigError extends Error {
  override name = 'ContainerConfigError';
  readonly reason: 'CreateContainerConfigError' | 'CreateContainerError';
  constructor(reason: ContainerConfigError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A volume that is not there yet: the pod waits, and the message goes into a FailedMount event. */
export class MountError extends Error {
  override name = 'MountError';
}
