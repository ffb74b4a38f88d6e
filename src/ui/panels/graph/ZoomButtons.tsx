import { useReactFlow } from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import { IconButton } from '#ui/parts/IconButton.tsx';

export function ZoomButtons() {
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  const duration = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 250;
  return (
    <div
      role="group"
      aria-label="Zoom"
      className="absolute right-2 bottom-2 flex rounded-lg border border-line bg-panel/90 p-0.5"
    >
      <IconButton icon={Minus} label="Zoom out" tip="above-left" onClick={() => void zoomOut({ duration })} />
      <IconButton icon={Plus} label="Zoom in" tip="above-left" onClick={() => void zoomIn({ duration })} />
      <IconButton
        icon={Maximize}
        label="Fit"
        tip="above-left"
        onClick={() => void fitView({ duration, padding: 0.05, maxZoom: 1.15 })}
      />
    </div>
  );
}
