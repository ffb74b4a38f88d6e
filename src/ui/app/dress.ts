import type { View } from '#ui/store/view.ts';

/** Puts the theme and the presenter's type size on the page, now and whenever they change. */
export function dress(view: View): void {
  const put = (): void => {
    const { theme, presenter } = view.getState();
    document.documentElement.dataset['theme'] = theme;
    document.documentElement.toggleAttribute('data-presenter', presenter);
  };
  put();
  view.subscribe(put);
}
