import { useStore } from '@xyflow/react';
import { createContext, useContext } from 'react';
import { zoomBand, type ZoomBand } from './zoom.ts';

export const BandContext = createContext<ZoomBand>('middle');

/** The zoom band that what is drawn here should answer to. */
export function useBand(): ZoomBand {
  return useContext(BandContext);
}

/** The band of React Flow's own viewport. */
export function useViewportBand(): ZoomBand {
  return useStore((state) => zoomBand(state.transform[2]));
}
