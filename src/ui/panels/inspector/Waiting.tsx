/** Until an answer comes, and when none does. */
export function Waiting({ error }: { readonly error: string | null }) {
  return error === null ? (
    <p className="p-3 text-dim">Asking …</p>
  ) : (
    <p role="alert" className="p-3 break-words text-failing">
      {error}
    </p>
  );
}
