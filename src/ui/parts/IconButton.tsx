import type { LucideIcon } from 'lucide-react';

interface Props {
  readonly icon: LucideIcon;
  /** Read aloud and shown on hover. */
  readonly label: string;
  /** Shown beside the label: `Ctrl K`. */
  readonly keys?: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  /** Which way the label opens, so that it never leaves the page. */
  readonly tip?: 'below' | 'below-left' | 'below-right' | 'above' | 'above-left';
  readonly onClick: () => void;
  readonly className?: string;
}

/** A button of one icon, at least 30 px square, with its name in a small tip. */
export function IconButton(props: Props) {
  const { icon: Icon, label, keys, pressed, disabled, tip = 'below', onClick, className = '' } = props;
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={keys?.replace('Ctrl ', 'Control+')}
      disabled={disabled}
      data-tip={keys === undefined ? label : `${label}  ${keys}`}
      data-tip-side={tip}
      onClick={onClick}
      className={`tip grid size-8 shrink-0 place-items-center rounded-md text-dim transition-colors hover:bg-raised hover:text-text disabled:pointer-events-none disabled:opacity-40 aria-pressed:bg-accent-wash aria-pressed:text-accent ${className}`}
    >
      <Icon aria-hidden="true" className="size-4.5" strokeWidth={1.75} />
    </button>
  );
}
