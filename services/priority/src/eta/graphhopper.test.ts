import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { corridor, openTestStreet, SCENARIOS } from '../testing/corridor.ts';
import { startGraphHopper, whyNoGraphHopper, type GraphHopperServer } from '../testing/graphhopper-server.ts';
import { openGeo, type Geo } from '../street/geo.ts';
import { pointAt } from '../street/polyline.ts';
import { openStreetMap, type StreetMap } from '../street/street-map.ts';
import { openGraphHopper, type LonLat } from './graphhopper.ts';
import { openRouteService } from './route-service.ts';

// A Java server starts; wall time for a crowded machine.
jest.setTimeout(400_000);

const why = whyNoGraphHopper();
const withServer = why === undefined ? describe : describe.skip;
const WEST_TO_EAST = 'W0_J1 J1_J2 J2_J3 J3_J4 J4_J5 J5_J6 J6_J7 J7_J8 J8_E9';

let map: StreetMap;
let geo: Geo;
const place = (edge: string, alongM: number): LonLat => geo.toLonLat(pointAt(map.polylineOf(edge), alongM));
beforeAll(async () => {
  const { network, sites } = await corridor();
  geo = openGeo(network.location);
  map = openStreetMap(network, sites);
});

withServer(`a real GraphHopper server on the corridor's OSM file${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  let server: GraphHopperServer;
  beforeAll(async () => {
    server = await startGraphHopper(join(SCENARIOS, 'corridor/corridor.osm'), 350_000);
  });
  afterAll(() => server.stop());

  it('gives way and times of a vehicle, laid over the signal network', async () => {
    const routes = openRouteService(map, geo, openGraphHopper(server.url));
    const found = await routes.find(place('W0_J1', 50), place('J8_E9', 300));
    if (!found.ok) throw new Error(found.message);
    const { source, route, fromM, toM, driveS } = found.value;
    expect(source).toBe('graphhopper');
    expect(route.edges.join(' ')).toBe(WEST_TO_EAST);
    // 3 km at no more than 50 km/h and no less than half of it.
    expect(driveS(fromM, toM)).toBeGreaterThan((toM - fromM) / 13.9);
    expect(driveS(fromM, toM)).toBeLessThan((toM - fromM) / 7);
    const [a, b] = route.stopLines;
    expect(driveS(fromM, b!.distanceM)).toBeGreaterThan(driveS(fromM, a!.distanceM));
  });

  it('turns where the vehicle has to turn', async () => {
    const routes = openRouteService(map, geo, openGraphHopper(server.url));
    const found = await routes.find(place('N3_J3', 20), place('J5_S5', 200));
    expect(found).toMatchObject({ ok: true, value: { source: 'graphhopper', route: { edges: ['N3_J3', 'J3_J4', 'J4_J5', 'J5_S5'] } } });
  });

  it("tells a bus line's driving times, and the answer says so", async () => {
    const street = await openTestStreet({ graphHopper: openGraphHopper(server.url) });
    expect(street.app.etaSources()).toEqual({ '32/1': 'graphhopper', '32/2': 'graphhopper' });
    await street.app.http.close();
  });
});

const MONACO = join(SCENARIOS, '../../shared/osm/monaco.osm.gz');
const withMonaco = why === undefined && existsSync(MONACO) ? describe : describe.skip;

withMonaco('a real GraphHopper server on a real town (needs ../shared/osm/monaco.osm.gz)', () => {
  it('routes an ambulance across it', async () => {
    const server = await startGraphHopper(MONACO, 110_000);
    try {
      const ask = () => openGraphHopper(server.url).route({ lon: 7.4189, lat: 43.7311 }, { lon: 7.4266, lat: 43.7403 });
      // A server that has just come up on a crowded machine may take longer than a caller waits.
      let way = await ask();
      for (let again = 0; again < 5 && !way.ok; again++) way = await ask();
      if (!way.ok) throw new Error(way.message);
      expect(way.value.lengthM).toBeGreaterThan(1000);
      expect(way.value.lengthM).toBeLessThan(5000);
      expect(way.value.atS.every((s, i) => i === 0 || s >= way.value.atS[i - 1]!)).toBe(true);
      expect(way.value.atS.at(-1)).toBeGreaterThan(60);
      const sea = await openGraphHopper(server.url).route({ lon: 8.9, lat: 43 }, { lon: 7.4266, lat: 43.7403 });
      expect(sea).toMatchObject({
        ok: false,
        reason: 'graphhopper-unavailable',
        message: expect.stringContaining('out of bounds') as string,
      });
    } finally {
      await server.stop();
    }
  });
});

describe('without a GraphHopper server', () => {
  it.each([
    ['none is configured', undefined, /not configured|is configured/],
    ['it does not answer', 'http://127.0.0.1:9', /GraphHopper at http:\/\/127\.0\.0\.1:9/],
  ])('because %s, the way goes over the signal network, and the answer says so and why', async (_, url, reason) => {
    const routes = openRouteService(map, geo, url === undefined ? undefined : openGraphHopper(url));
    const found = await routes.find(place('W0_J1', 50), place('J8_E9', 300));
    expect(found).toMatchObject({ ok: true, value: { source: 'signal-network', why: expect.stringMatching(reason) as string } });
    if (found.ok) expect(found.value.route.edges.join(' ')).toBe(WEST_TO_EAST);
  });

  it('there is no way where no street is', async () => {
    const routes = openRouteService(map, geo, undefined);
    expect(await routes.find({ lon: 105, lat: 20 }, place('J8_E9', 300))).toMatchObject({ ok: false, reason: 'no-route' });
  });
});
