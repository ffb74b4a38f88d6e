import { Pause, Play, StepForward } from 'lucide-react';
import type { Speed } from '#classroom/recipe.ts';
import { formatClock, formatDay } from '#ui/parts/format.ts';
import { IconButton } from '#ui/parts/IconButton.tsx';
import { Segmented } from '#ui/parts/Segmented.tsx';
import { usePage, useSession } from '#ui/store/context.ts';

const speeds: readonly {
  readonly value: string;
  readonly speed: Speed;
  readonly label: string;
  readonly title: string;
}[] = [
  { value: '1', speed: 1, label: '1×', title: 'As fast as real time' },
  { value: '10', speed: 10, label: '10×', title: 'Ten times as fast' },
  { value: '60', speed: 60, label: '60×', title: 'A minute a second' },
  { value: 'max', speed: 'max', label: 'Max', title: 'As fast as it can' },
];

export function TimeControls() {
  const { session } = usePage();
  const speed = useSession((state) => state.speed);
  const runningSpeed = useSession((state) => state.runningSpeed);
  const setSpeed = (next: Speed): void => session.input({ type: 'speed', speed: next });
  return (
    <div className="flex items-center gap-1 max-md:order-2 max-md:w-full" role="group" aria-label="Time">
      <IconButton
        icon={speed === 0 ? Play : Pause}
        label={speed === 0 ? 'Run' : 'Pause'}
        keys="Alt P"
        pressed={speed === 0}
        onClick={() => setSpeed(speed === 0 ? runningSpeed : 0)}
      />
      <IconButton
        icon={StepForward}
        label="Step to the next write"
        keys="Alt ."
        disabled={speed !== 0}
        onClick={() => session.input({ type: 'step' })}
      />
      <Segmented
        name="Speed"
        value={speed === 0 ? null : String(speed)}
        choices={speeds}
        onChange={(value) => setSpeed(speeds.find((choice) => choice.value === value)?.speed ?? 1)}
      />
      <Clock />
    </div>
  );
}

function Clock() {
  // Whole seconds, so that the bar is drawn once a second and not at every frame.
  const seconds = useSession((state) => Math.floor(state.nowMs / 1000));
  const paused = useSession((state) => state.speed === 0);
  return (
    <span
      className="num ml-1 flex items-baseline gap-1.5 font-mono whitespace-nowrap"
      title="The cluster’s own clock"
    >
      <span className="hidden text-dim @7xl:inline">{formatDay(seconds * 1000)}</span>
      <time className={paused ? 'text-pending' : 'text-text'}>{formatClock(seconds * 1000)}</time>
      <span className="sr-only">{paused ? ', paused' : ''}</span>
    </span>
  );
}
