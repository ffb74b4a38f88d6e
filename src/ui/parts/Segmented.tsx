import type { ReactNode } from 'react';

interface Choice<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
  /** What is read aloud and tipped where the label is not enough. */
  readonly title?: string;
}

/** One of a few, all visible. A radio group to assistive technology; arrow keys move the choice. */
export function Segmented<T extends string>(props: {
  readonly name: string;
  readonly value: T | null;
  readonly choices: readonly Choice<T>[];
  readonly onChange: (value: T) => void;
}) {
  const { name, value, choices, onChange } = props;
  const move = (event: React.KeyboardEvent, by: number): void => {
    event.preventDefault();
    const at = choices.findIndex((choice) => choice.value === value);
    const next = choices[(at + by + choices.length) % choices.length];
    if (next === undefined) return;
    onChange(next.value);
    const buttons = event.currentTarget.querySelectorAll<HTMLElement>('[role=radio]');
    buttons[choices.indexOf(next)]?.focus();
  };
  const focusable = choices.some((choice) => choice.value === value) ? value : choices[0]?.value;
  return (
    <div
      role="radiogroup"
      aria-label={name}
      tabIndex={-1}
      className="inline-flex h-8 shrink-0 items-center rounded-lg border border-line bg-sunken p-0.5"
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight' || event.key === 'ArrowDown') move(event, 1);
        if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') move(event, -1);
      }}
    >
      {choices.map((choice) => (
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a styled radio input cannot hold an icon
        <button
          key={choice.value}
          type="button"
          role="radio"
          aria-checked={choice.value === value}
          aria-label={choice.title}
          tabIndex={choice.value === focusable ? 0 : -1}
          onClick={() => onChange(choice.value)}
          className="inline-flex h-full items-center gap-1.5 rounded-md px-2 text-dim transition-colors hover:text-text aria-checked:bg-panel aria-checked:text-text aria-checked:shadow-sm aria-checked:ring-1 aria-checked:ring-line"
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}
