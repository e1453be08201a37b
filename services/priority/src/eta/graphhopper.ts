import { accept, refuse, type Result } from '@songxanh/core';
import GraphHopperRouting from 'graphhopper-js-api-client/src/GraphHopperRouting.js';

export interface LonLat {
  readonly lon: number;
  readonly lat: number;
}

/** A way as GraphHopper knows it. */
export interface GraphHopperWay {
  readonly points: readonly LonLat[];
  /** Seconds from the begin to each point. */
  readonly atS: readonly number[];
  readonly lengthM: number;
}

export interface GraphHopper {
  readonly route: (from: LonLat, to: LonLat) => Promise<Result<GraphHopperWay>>;
}

/** Nobody's second waits longer for a route. */
const WITHIN_MS = 2000;

/** Client of a GraphHopper server (`http://host:port`), through its published API client. */
export const openGraphHopper = (url: string, profile = 'car'): GraphHopper => {
  const client = new GraphHopperRouting(
    { key: '', host: url.replace(/\/$/, ''), timeout: WITHIN_MS },
    { profile, elevation: false, instructions: false },
  );
  return {
    route: async (from, to) => {
      try {
        const { paths } = await client.doRequest({
          points: [
            [from.lon, from.lat],
            [to.lon, to.lat],
          ],
          profile,
          points_encoded: false,
          details: ['time'],
        });
        const path = paths?.[0];
        if (path === undefined) return refuse('no-route', `GraphHopper at ${url} found no route`);
        const points = path.points.coordinates.map(([lon, lat]) => ({ lon, lat }));
        const atS = points.map((_, i) => (path.time / 1000) * (i / Math.max(1, points.length - 1)));
        let soFar = 0;
        for (const [first, last, ms] of path.details?.time ?? []) {
          // Within one stretch the points share its time.
          for (let i = first; i <= last; i++) atS[i] = soFar + ((ms / 1000) * (i - first)) / Math.max(1, last - first);
          soFar += ms / 1000;
        }
        return accept({ points, atS, lengthM: path.distance });
      } catch (error) {
        return refuse('graphhopper-unavailable', `GraphHopper at ${url}: ${(error as Error).message}`);
      }
    },
  };
};
