import type { Site } from '../intersection/site.ts';
import { TRAFFIC_MIXES, type TrafficMix } from '../intersection/traffic-mix.ts';

/** What the pulses of a junction's loops stand for, and how far ahead expected traffic is filled in. */
export interface DemandSettings {
  readonly mix: TrafficMix;
  readonly horizonS: number;
}
export const DEFAULT_DEMAND_SETTINGS: DemandSettings = { mix: TRAFFIC_MIXES.cars, horizonS: 240 };

/** The settings by a site's own traffic mix. */
export const demandSettings = (site: Site): DemandSettings =>
  site.traffic === undefined ? DEFAULT_DEMAND_SETTINGS : { ...DEFAULT_DEMAND_SETTINGS, mix: site.traffic };
