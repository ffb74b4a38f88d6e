import type { Session } from '#ui/store/session.ts';
import type { View } from '#ui/store/view.ts';

/** Shows what a link in the address bar would do, now and when another one is pasted. */
export function followLinks(view: View, session: Session): void {
  const follow = async (): Promise<void> => {
    const { hash } = location;
    // `#graph` is where the skip link leads.
    if (hash.length < 2 || hash === '#graph') return;
    // Unpacking is not part of the first load.
    const { readShareLink } = await import('#classroom/shareLink.ts');
    const link = readShareLink(hash);
    if (link.type === 'recipe' && isOpen(session, link.recipe)) return;
    view.setState({ link, dialog: 'link' });
  };
  void follow();
  addEventListener('hashchange', () => void follow());
}

/** True for a link to the very session that is open: the learner copied it and then reloaded. */
function isOpen(
  session: Session,
  recipe: { scenario: string; seed: string; inputs: readonly unknown[] },
): boolean {
  const { scenario, seed } = session.state.getState();
  return (
    recipe.scenario === scenario &&
    recipe.seed === seed &&
    recipe.inputs.length <= session.recordedInputs().length
  );
}
