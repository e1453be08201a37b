import { isGreen, type ExitStorage, type Instant, type JunctionDemand, type LampState, type Movement, type Site } from '@songxanh/core';

export interface RedTimes {
  /** Longest red of each movement and crossing at a moment when somebody waited for it and its exit was free, s. */
  readonly worstRed_s: Record<string, number>;
  /** Seconds in which a movement's red did not count because its exit was blocked. */
  readonly exempt_s: Record<string, number>;
}

/** Follows how long those who wait are kept at red, per movement of one junction. */
export const watchReds = (
  site: Site,
  times: RedTimes,
): ((now: Instant, lamps: readonly LampState[], demand: JunctionDemand, exits: readonly ExitStorage[]) => void) => {
  const redSince = new Map<string, Instant>();
  const longer = (name: string, now: Instant, since: Instant): void => {
    const key = `${site.id}/${name}`;
    times.worstRed_s[key] = Math.max(times.worstRed_s[key] ?? 0, (now - since) / 1000);
  };

  return (now, lamps, demand, exits) => {
    for (const { group, lamp } of lamps) {
      if (isGreen(lamp)) redSince.delete(group);
      else if (!redSince.has(group)) redSince.set(group, now);
    }
    const blocked = new Set(exits.filter((exit) => exit.blocked).map(({ lane }) => lane));
    for (const movement of site.movements) {
      const since = redSince.get(movement.group);
      if (since === undefined || !isAwaited(demand, movement, now)) continue;
      if (!blocked.has(movement.toLane)) longer(movement.id, now, since);
      else times.exempt_s[`${site.id}/${movement.id}`] = (times.exempt_s[`${site.id}/${movement.id}`] ?? 0) + 1;
    }
    for (const { group } of demand.pedestrians) {
      const since = redSince.get(group);
      if (since !== undefined) longer(group, now, since);
    }
  };
};

const isAwaited = (demand: JunctionDemand, movement: Movement, now: Instant): boolean =>
  demand.lanes
    .find(({ lane }) => lane === movement.fromLane)
    ?.arrivals.some((arrival) => arrival.stopped && arrival.at <= now && (arrival.movement ?? movement.id) === movement.id) ?? false;
