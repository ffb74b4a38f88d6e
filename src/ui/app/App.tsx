import { lazy, Suspense } from 'react';
import { PageContext, useView, type Page } from '#ui/store/context.ts';
import { Notice } from './Notice.tsx';
import { SessionBanner } from './SessionBanner.tsx';
import { TopBar } from './TopBar.tsx';
import { useShortcuts } from './shortcuts.ts';
import { Workspace } from './Workspace.tsx';

const Palette = lazy(() => import('./Palette.tsx'));
const ShareDialog = lazy(() => import('./ShareDialog.tsx'));
const GalleryDialog = lazy(() => import('./GalleryDialog.tsx'));
const LinkDialog = lazy(() => import('./LinkDialog.tsx'));
const KeysDialog = lazy(() => import('./KeysDialog.tsx'));

export function App({ page }: { readonly page: Page }) {
  return (
    <PageContext value={page}>
      <Frame />
    </PageContext>
  );
}

function Frame() {
  useShortcuts();
  const dialog = useView((state) => state.dialog);
  return (
    <div className="flex h-full flex-col [--bar:3.25rem]">
      <a
        href="#graph"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:rounded-md focus:bg-accent focus:p-2 focus:text-accent-ink"
      >
        Skip to the graph
      </a>
      <TopBar />
      <SessionBanner />
      <Workspace />
      <Notice />
      <Suspense>
        {dialog === 'palette' && <Palette />}
        {dialog === 'share' && <ShareDialog />}
        {dialog === 'gallery' && <GalleryDialog />}
        {dialog === 'link' && <LinkDialog />}
        {dialog === 'keys' && <KeysDialog />}
      </Suspense>
    </div>
  );
}
