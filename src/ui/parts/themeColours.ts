import type { Theme } from '#ui/store/view.ts';

/** The colours of the page's design, for what is drawn on a canvas. They are read from the page, which wears the theme. */
export function themeColours(theme: Theme): (name: string) => string {
  const element = document.documentElement;
  element.dataset['theme'] = theme;
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}
