import type { ButtonHTMLAttributes } from 'react';

type Look = 'primary' | 'quiet' | 'danger';

const looks: Record<Look, string> = {
  primary: 'bg-accent text-accent-ink font-medium hover:brightness-110',
  quiet: 'border border-line-strong text-text hover:bg-raised',
  danger: 'border border-failing/50 text-failing hover:bg-failing/12',
};

export function Button({
  look = 'quiet',
  className = '',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { readonly look?: Look }) {
  return (
    <button
      type="button"
      className={`inline-flex h-8 shrink-0 items-center justify-center gap-2 rounded-md px-3 whitespace-nowrap transition-colors disabled:pointer-events-none disabled:opacity-45 ${looks[look]} ${className}`}
      {...rest}
    />
  );
}
