import { Play } from 'lucide-react';
import { Button } from '#ui/parts/Button.tsx';
import { Modal } from '#ui/parts/Modal.tsx';
import { usePage, useView } from '#ui/store/context.ts';
import { RecipeSteps } from './RecipeSteps.tsx';

/** A link runs a stranger's commands, so it first shows what it will do, and the learner decides. */
export default function LinkDialog() {
  const { view, openLink } = usePage();
  const link = useView((state) => state.link);
  const close = (): void => view.setState({ dialog: null });
  if (link?.type !== 'recipe')
    return (
      <Modal title="This link cannot be opened" description={link?.message ?? ''} onClose={close}>
        <Button look="primary" onClick={close}>
          Go on with my own session
        </Button>
      </Modal>
    );
  return (
    <Modal
      title="Open a shared session?"
      description="It replays what somebody did, in a cluster inside this tab. Your own saved session is kept as it is."
      onClose={close}
    >
      <RecipeSteps recipe={link.recipe} />
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={close}>Go on with my own session</Button>
        <Button
          look="primary"
          onClick={() => {
            close();
            openLink(link.recipe);
          }}
        >
          <Play aria-hidden="true" className="size-4" /> Run it
        </Button>
      </div>
    </Modal>
  );
}
