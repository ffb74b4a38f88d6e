/** A pod under a glass dome. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" className="size-6.5" fill="none" aria-hidden="true">
      <path
        d="M6 24V15a10 10 0 0 1 20 0v9"
        stroke="var(--accent)"
        strokeWidth="2.2"
        strokeLinecap="round"
        fill="var(--accent-wash)"
      />
      <path d="M3.6 25.6h24.8" stroke="var(--accent)" strokeWidth="2.6" strokeLinecap="round" />
      <circle cx="16" cy="3.4" r="1.7" fill="var(--accent)" />
      <path d="m16 11.2 5.4 3.1v6.2L16 23.6l-5.4-3.1v-6.2z" fill="var(--running)" />
      <path d="M10 14.5a6.5 6.5 0 0 1 3-4.4" stroke="var(--text)" strokeOpacity=".5" strokeLinecap="round" />
    </svg>
  );
}
