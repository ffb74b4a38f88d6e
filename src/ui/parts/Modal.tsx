import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useRef, type ReactNode } from 'react';
import { IconButton } from './IconButton.tsx';

/** A dialog over the page. Escape and a click outside close it; focus returns to where it was. */
export function Modal(props: {
  readonly title: string;
  readonly description: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}) {
  const { title, description, onClose, children, wide = false } = props;
  const content = useRef<HTMLDivElement>(null);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-[oklch(0.12_0.01_255/0.6)]" />
        <Dialog.Content
          ref={content}
          tabIndex={-1}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            content.current?.focus();
          }}
          className={`fixed top-1/2 left-1/2 z-50 flex max-h-[88dvh] w-[calc(100vw-2rem)] -translate-1/2 flex-col outline-none rounded-xl border border-line-strong bg-panel shadow-(--shadow) ${wide ? 'max-w-4xl' : 'max-w-xl'}`}
        >
          <header className="flex shrink-0 items-start gap-3 border-b border-line py-3 pr-2 pl-5">
            <div className="min-w-0 flex-1">
              <Dialog.Title className="text-lg font-semibold">{title}</Dialog.Title>
              <Dialog.Description className="text-dim">{description}</Dialog.Description>
            </div>
            <IconButton icon={X} label="Close" tip="below-left" onClick={onClose} />
          </header>
          <div className="min-h-0 overflow-auto p-5">{children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
