import type { Health } from '#protocol/rows.ts';

/** The word that goes with each shape and colour. */
export const healthWords: Record<Health, string> = {
  running: 'Running',
  pending: 'Pending',
  succeeded: 'Succeeded',
  failing: 'Failing',
  terminating: 'Terminating',
  unknown: 'Unknown',
};

/** Six shapes that differ without colour: disc, half ring, tick, crossed diamond, dashed square, question mark. */
const shapes: Record<Health, React.ReactNode> = {
  running: <circle cx="8" cy="8" r="5.2" fill="currentColor" />,
  pending: (
    <>
      <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <path d="M8 3a5 5 0 0 1 0 10z" fill="currentColor" />
    </>
  ),
  succeeded: (
    <path
      d="m2.6 8.6 3.6 3.6 7.2-8"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  failing: (
    <>
      <path d="M8 .9 15.1 8 8 15.1.9 8z" fill="currentColor" />
      <path
        d="m5.9 5.9 4.2 4.2m0-4.2-4.2 4.2"
        stroke="var(--panel)"
        strokeWidth="1.7"
        strokeLinecap="round"
      />
    </>
  ),
  terminating: (
    <rect
      x="3"
      y="3"
      width="10"
      height="10"
      rx="1.5"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeDasharray="3.4 2.2"
    />
  ),
  unknown: (
    <>
      <path
        d="M5.2 5.9a2.9 2.9 0 1 1 4.3 2.5c-1 .6-1.4 1-1.4 2"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.9"
        strokeLinecap="round"
      />
      <circle cx="8.1" cy="13.4" r="1.3" fill="currentColor" />
    </>
  ),
};

const colours: Record<Health, string> = {
  running: 'text-running',
  pending: 'text-pending',
  succeeded: 'text-succeeded',
  failing: 'text-failing',
  terminating: 'text-terminating',
  unknown: 'text-unknown',
};

/** The mark of a state. It is decoration: the word stands beside it or in the label of what holds it. */
export function HealthMark({ health, className = 'size-4' }: { health: Health; className?: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className={`shrink-0 ${colours[health]} ${className}`}>
      {shapes[health]}
    </svg>
  );
}
