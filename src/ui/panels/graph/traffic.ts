/** The widest a flow is drawn, in pixels at zoom 1. */
const widthMax = 16;

/** Width grows with the logarithm of the rate: a request a second is a thread, a hundred thousand a rope. */
export function flowWidth(milliRequests: number): number {
  if (milliRequests <= 0) return 1.25;
  return Math.min(widthMax, 1.5 + 2.6 * Math.log10(1 + milliRequests / 1000));
}

/** From the colour of what works to that of what fails; a fifth failing is all red. `milliErrors` is a share in thousandths. */
export function errorColour(milliRequests: number, milliErrors: number): string {
  if (milliRequests <= 0) return 'var(--line-strong)';
  const share = Math.min(1, milliErrors / 200);
  if (share <= 0) return 'var(--running)';
  return `color-mix(in oklch, var(--failing) ${Math.round(20 + share * 80)}%, var(--pending))`;
}
