/**
 * Judges the signal states SUMO itself has saved (`SaveTLSStates`) by the network's own conflict data. It shares no code with the
 * controller or with packages/sumo-files: a mistake there must not be repeated here.
 */
import { attribute } from '../attribute.ts';

export interface Link {
  readonly signal: string;
  readonly index: number;
  readonly junction: string;
  /** Place in the junction's requests. */
  readonly request: number;
  readonly pedestrian: boolean;
}

export interface SignalNetwork {
  readonly links: readonly Link[];
  /** By junction and request: bit strings, rightmost bit = request 0. */
  readonly foes: ReadonlyMap<string, readonly string[]>;
  readonly yieldsTo: ReadonlyMap<string, readonly string[]>;
}

/** Signals, links and right of way of a `.net.xml`. */
export const readSignalNetwork = (text: string): SignalNetwork => {
  const foes = new Map<string, string[]>();
  const yieldsTo = new Map<string, string[]>();
  const requestOfLane = new Map<string, { junction: string; request: number }>();
  for (const [, head = '', body = ''] of text.matchAll(/<junction(\s[^>]*[^/])>([\s\S]*?)<\/junction>/g)) {
    const junction = attribute(head, 'id');
    // SUMO lists the first inner lane of every link in the order of the requests.
    attribute(head, 'intLanes')
      .split(' ')
      .forEach((lane, request) => requestOfLane.set(lane, { junction, request }));
    for (const [tag] of body.matchAll(/<request\s[^>]*>/g)) {
      const index = Number(attribute(tag, 'index'));
      entry(foes, junction)[index] = attribute(tag, 'foes');
      entry(yieldsTo, junction)[index] = attribute(tag, 'response');
    }
  }
  const links = [...text.matchAll(/<connection\s[^>]*>/g)].flatMap(([tag]): Link[] => {
    const signal = attribute(tag, 'tl');
    // A crossing is its own inner lane: the edge it leads to.
    const via = attribute(tag, 'via') || `${attribute(tag, 'to')}_0`;
    const at = requestOfLane.get(via);
    if (signal === '' || at === undefined) return [];
    return [{ signal, index: Number(attribute(tag, 'linkIndex')), ...at, pedestrian: attribute(tag, 'via') === '' }];
  });
  return { links, foes, yieldsTo };
};

const entry = (map: Map<string, string[]>, key: string): string[] => {
  const found = map.get(key) ?? [];
  map.set(key, found);
  return found;
};

const bit = (bits: string | undefined, index: number): boolean => bits?.[bits.length - 1 - index] === '1';

export interface TlsVerdict {
  readonly shortGreens: number;
  readonly missingYellows: number;
  readonly conflictingProtectedGreens: number;
  readonly yellowTraps: number;
  /** Longest red of each link, s, by `signal/index`. */
  readonly longestRedS: ReadonlyMap<string, number>;
  readonly states: number;
}

export interface TlsLimits {
  readonly minGreenS: number;
  readonly yellowS: number;
}

const isGo = (letter: string | undefined): boolean => letter === 'G' || letter === 'g';

interface LinkRun {
  letter: string;
  since: number;
  /** The begin of the first run was not seen, so its length is unknown. */
  whole: boolean;
}

/** Saved states in order of time: [time s, signal, state]. */
export const readTlsStates = function* (text: string): Generator<readonly [number, string, string]> {
  for (const [tag] of text.matchAll(/<tlsState\s[^>]*>/g)) {
    yield [Number(attribute(tag, 'time')), attribute(tag, 'id'), attribute(tag, 'state')];
  }
};

/** Counts what the saved states do against the limits. */
export const checkTlsStates = (
  network: SignalNetwork,
  states: Iterable<readonly [number, string, string]>,
  limits: TlsLimits,
): TlsVerdict => {
  const verdict = { shortGreens: 0, missingYellows: 0, conflictingProtectedGreens: 0, yellowTraps: 0, states: 0 };
  const longestRedS = new Map<string, number>();
  const linksOf = new Map<string, Link[]>();
  for (const link of network.links) linksOf.set(link.signal, [...(linksOf.get(link.signal) ?? []), link]);
  const pairs = new Map([...linksOf].map(([signal, links]) => [signal, listMeetings(network, links)]));
  const walking = new Set(network.links.filter((link) => link.pedestrian).map((link) => `${link.signal}/${link.index}`));
  const previous = new Map<string, string>();
  const runs = new Map<string, LinkRun>();

  for (const [time, signal, state] of states) {
    verdict.states++;
    const last = previous.get(signal);
    for (let index = 0; index < state.length; index++) {
      const key = `${signal}/${index}`;
      const letter = state[index]!;
      const run = runs.get(key);
      if (!run) runs.set(key, { letter, since: time, whole: false });
      else if (run.letter !== letter) {
        closeRun(run, letter, time, walking.has(key), limits, verdict);
        if (!(isGo(run.letter) && isGo(letter))) Object.assign(run, { since: time, whole: true });
        run.letter = letter;
      }
      const shown = runs.get(key)!;
      if (letter === 'r') longestRedS.set(key, Math.max(longestRedS.get(key) ?? 0, time + 1 - shown.since));
    }
    // Pairs are judged when a state begins; while it lasts nothing new can happen.
    if (last !== state) {
      for (const { a, b, yields } of pairs.get(signal) ?? []) {
        if (state[a] === 'G' && state[b] === 'G') verdict.conflictingProtectedGreens++;
        if (last && yields && last[a] === 'g' && !isGo(state[a]) && last[b] === 'G' && state[b] === 'G') verdict.yellowTraps++;
      }
    }
    previous.set(signal, state);
  }
  return { ...verdict, longestRedS };
};

const closeRun = (
  run: LinkRun,
  next: string,
  time: number,
  pedestrian: boolean,
  limits: TlsLimits,
  verdict: { shortGreens: number; missingYellows: number },
): void => {
  const lasted = time - run.since;
  if (isGo(run.letter) && !isGo(next)) {
    if (run.whole && lasted < limits.minGreenS) verdict.shortGreens++;
    if (!pedestrian && next !== 'y') verdict.missingYellows++;
  }
  if (run.letter === 'y' && run.whole && lasted < limits.yellowS) verdict.missingYellows++;
};

/** Ordered pairs of link indices whose paths meet; `yields` where a gives way to b. Each pair of foes appears once unless one yields. */
const listMeetings = (network: SignalNetwork, links: readonly Link[]): { a: number; b: number; yields: boolean }[] => {
  const seen = new Set<string>();
  return links.flatMap((a) =>
    links.flatMap((b) => {
      if (a.index === b.index || a.junction !== b.junction || !bit(network.foes.get(a.junction)?.[a.request], b.request)) return [];
      const yields = bit(network.yieldsTo.get(a.junction)?.[a.request], b.request);
      const key = `${Math.min(a.index, b.index)} ${Math.max(a.index, b.index)}`;
      if (!yields && (seen.has(key) || bit(network.yieldsTo.get(a.junction)?.[b.request], a.request))) return [];
      seen.add(key);
      return [{ a: a.index, b: b.index, yields }];
    }),
  );
};
