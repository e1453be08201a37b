/** The parts of the published client that are used; the package has no types. */
declare module 'graphhopper-js-api-client/src/GraphHopperRouting.js' {
  export interface GraphHopperPath {
    readonly distance: number;
    /** ms */
    readonly time: number;
    readonly points: { readonly coordinates: readonly (readonly [number, number])[] };
    /** Per stretch of the way: index of its first and last point, and its ms. */
    readonly details?: { readonly time?: readonly (readonly [number, number, number])[] };
  }
  export default class GraphHopperRouting {
    constructor(
      args: { readonly key: string; readonly host: string; readonly timeout: number },
      defaults?: Readonly<Record<string, unknown>>,
    );
    doRequest(request: Readonly<Record<string, unknown>>): Promise<{ readonly paths?: readonly GraphHopperPath[] }>;
  }
}
