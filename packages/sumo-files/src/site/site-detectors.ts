import { detectorId, seconds } from '@songxanh/core';
import type { Detector, Lane, LaneAreaDetector, LoopDetector, Movement, Network, StreetFurniture } from '@songxanh/core';
import { listLaneEntries, traceUpstream } from '../detectors/trace-upstream.ts';
import type { UpstreamLane } from '../detectors/trace-upstream.ts';

/** Detectors farther from a stop line than this (m) belong to nobody. */
const REACH_M = 250;
/** A loop nearer than this (m) is at the stop line. */
const STOP_LINE_M = 30;
/** Passage times (s): stop-line loops bridge a headway, upstream loops the way between two vehicles of a platoon. */
const EXTENSION_S = { 'stop-line': 2, upstream: 3, 'lane-area': 1, 'push-button': 0 } as const;

const roleOf = (detector: LoopDetector | LaneAreaDetector, distanceM: number): Detector['role'] => {
  if (detector.kind === 'lane-area') return 'lane-area';
  return distanceM < STOP_LINE_M && !detector.id.endsWith('_up') ? 'stop-line' : 'upstream';
};

/** The loops and lane areas on the way to the junction's stop lines; each belongs to one approach lane: the one its name says, or else the first. */
export const deriveDetectors = (
  network: Network,
  lanes: readonly Lane[],
  movements: readonly Movement[],
  { detectors }: StreetFurniture,
): readonly Detector[] => {
  const entries = listLaneEntries(network);
  const ways = lanes.map((lane) => ({ lane, way: traceUpstream(network, entries, lane.id, REACH_M) }));
  const stepOf = (way: readonly UpstreamLane[], lane: string): UpstreamLane | undefined => way.find((step) => step.lane.id === lane);

  return detectors.flatMap((detector): Detector[] => {
    const near = ways.filter(({ way }) => stepOf(way, detector.lane) !== undefined);
    const owner = near.find(({ lane }) => detector.id === `${lane.id}_up` || detector.id === `${lane.id}_stop`) ?? near[0];
    const step = owner && stepOf(owner.way, detector.lane);
    if (owner === undefined || step === undefined) return [];
    const frontM = detector.kind === 'loop' ? detector.posM : detector.endPosM;
    const distanceM = Math.round((step.endM + step.lane.lengthM - frontM) * 100) / 100;
    if (distanceM > REACH_M) return [];
    const role = roleOf(detector, distanceM);
    return [
      {
        id: detectorId(detector.id),
        role,
        lane: owner.lane.id,
        groups: [...new Set(movements.filter(({ fromLane }) => fromLane === owner.lane.id).map(({ group }) => group))],
        distanceM,
        lengthM: detector.kind === 'loop' ? 0 : detector.endPosM - detector.startPosM,
        delay: seconds(0),
        extension: seconds(EXTENSION_S[role]),
        locking: role === 'upstream',
        onFailure: 'minimum',
      },
    ];
  });
};
