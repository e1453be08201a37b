import { junctionId, seconds, stageId } from '@songxanh/core';
import type { Duration, JunctionId, Network, Site, StreetFurniture } from '@songxanh/core';
import { deriveSite } from '@songxanh/sumo-files';
import type { DriveOptions } from './drive-options.ts';

/** Hanoi's tail displays show the last 8–9 s. */
const TAIL = seconds(9);

/** Only the all-red that the program itself shows: the caller's yellow is all there is otherwise, as in the outside benchmark. */
const TIMES = { allRedS: 0 };

/** SUMO shows a state for whole seconds: a time that ends within one is kept to its end. */
const wholeSeconds = (d: Duration): Duration => seconds(Math.ceil(d / 1000));

type Choice = Pick<DriveOptions, 'yellowS' | 'minGreenS' | 'maxRedS' | 'control' | 'countdown'>;

/** A derived site with the times, the displays and the schedule the caller asks for. */
const adjustSite = (site: Site, { yellowS, minGreenS, maxRedS, control, countdown }: Choice): Site => {
  const groups = site.groups.map((group) => {
    const walking = group.kind === 'pedestrian';
    return {
      ...group,
      minGreen: wholeSeconds(walking || minGreenS === undefined ? group.minGreen : seconds(minGreenS)),
      clearance: wholeSeconds(walking || yellowS === undefined ? group.clearance : seconds(yellowS)),
      redCap: walking || maxRedS === undefined ? group.redCap : seconds(maxRedS),
      countdown: { green: countdown, red: countdown, tail: TAIL },
    };
  });
  const before = new Map(site.groups.map((group) => [group.id, group.clearance]));
  const after = new Map(groups.map((group) => [group.id, group.clearance]));
  const intergreens = site.intergreens.map((pair) => {
    const allRed = pair.duration - (before.get(pair.from) ?? 0);
    return { ...pair, duration: wholeSeconds(((after.get(pair.from) ?? 0) + Math.max(0, allRed)) as Duration) };
  });
  const everyDay = [0, 1, 2, 3, 4, 5, 6];
  return {
    ...site,
    groups,
    intergreens,
    // The cars are there from the first second; nothing needs to be flashed at them.
    startUp: { flash: seconds(0), allRed: seconds(0), stage: site.stageSequence[0] ?? stageId('') },
    ...(control === 'actuated' ? { schedule: [{ days: everyDay, from: seconds(0), plan: 'actuated' }] } : {}),
  };
};

/** Sites of all signals of the network. */
export const driveSites = (network: Network, furniture: StreetFurniture, choice: Choice): ReadonlyMap<JunctionId, Site> =>
  new Map([...network.programs.keys()].map((id) => [junctionId(id), adjustSite(deriveSite(network, id, furniture, TIMES), choice)]));
