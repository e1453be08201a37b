import type { StreetFurniture } from '@songxanh/core';
import { documentOf, emptyTag } from './xml-text.ts';

/** An `.add.xml` with these detectors; their output goes nowhere (`NUL`), they are read by TraCI. */
export const writeAdditional = (detectors: StreetFurniture['detectors']): string =>
  documentOf(
    'additional',
    detectors.map((detector) =>
      detector.kind === 'loop'
        ? emptyTag('inductionLoop', { id: detector.id, lane: detector.lane, pos: detector.posM, period: '3600', file: 'NUL' })
        : emptyTag('laneAreaDetector', {
            id: detector.id,
            lane: detector.lane,
            pos: detector.startPosM,
            endPos: detector.endPosM,
            period: '3600',
            file: 'NUL',
          }),
    ),
  );
