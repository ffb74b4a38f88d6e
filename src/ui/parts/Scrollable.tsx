import type { ReactNode, Ref } from 'react';

/** What scrolls must be reachable by keyboard, and then it needs a name. */
export function Scrollable(props: {
  readonly label: string;
  readonly className?: string;
  readonly elementRef?: Ref<HTMLElement>;
  readonly children: ReactNode;
}) {
  const { label, className = '', elementRef, children } = props;
  return (
    <section
      ref={elementRef}
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
      tabIndex={0}
      className={`overflow-auto ${className}`}
    >
      {children}
    </section>
  );
}
