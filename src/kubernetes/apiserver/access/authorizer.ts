/** What an authorizer says: yes, or that it has no opinion, and why. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

export const noOpinion: Decision = { allowed: false, reason: '' };
export const allowed: Decision = { allowed: true, reason: '' };
