import type { ControllerInput } from '../controller/controller.ts';
import type { ControllerState } from '../controller/controller-state.ts';
import { step } from '../controller/step.ts';
import { NO_COUNTDOWN, type SignalGroup } from '../intersection/signal-group.ts';
import type { Site } from '../intersection/site.ts';
import { instant, seconds } from '../time.ts';
import { createDraw, drawSite } from './arbitrary-site.ts';
import { runDrill } from './drill.ts';
import { fourArms, MONDAY_7 } from './sites.ts';
import { createStreetChecker, RULES, type Rule } from './street-checker.ts';

/** Runs the controller on a site whose rule has been weakened, while the checker knows the true one. */
const weakened = (weaken: (site: Site) => Site) => {
  const cache = new WeakMap<Site, Site>();
  return (site: Site, state: ControllerState, input: ControllerInput) => {
    let weak = cache.get(site);
    if (weak === undefined) {
      weak = weaken(site);
      cache.set(site, weak);
    }
    return step(weak, state, input);
  };
};

const groups = (change: Partial<SignalGroup>) => (site: Site) => ({
  ...site,
  groups: site.groups.map((group) => ({ ...group, ...change })),
});

/** Every eighth second the displays are told something else. */
const lying =
  (change: (state: ControllerState) => Partial<ControllerState>) => (site: Site, state: ControllerState, input: ControllerInput) => {
    const result = step(site, state, input);
    return Math.floor(input.now / 1000) % 8 === 0 ? { ...result, state: { ...result.state, ...change(result.state) } } : result;
  };

const MUTATIONS: Record<Rule, typeof step> = {
  'conflicting-greens': weakened((site) => ({ ...site, conflicts: [] })),
  'short-green': weakened(groups({ minGreen: seconds(0) })),
  'short-intergreen': weakened((site) => ({ ...site, intergreens: [] })),
  'short-clearance': weakened(groups({ clearance: seconds(1) })),
  'short-red': weakened(groups({ minRed: seconds(0) })),
  'yellow-trap': weakened(groups({ kind: 'pedestrian' })),
  'wrong-permissive': weakened((site) => ({
    ...site,
    conflicts: site.conflicts.map((c) => (c.kind === 'hard' ? c : { kind: 'permissive', yields: c.to, to: c.yields })),
  })),
  'countdown-step': lying(({ promises }) => ({ promises: promises.map((promise) => ({ ...promise, at: instant(promise.at + 3000) })) })),
  'countdown-blank': lying(() => ({ promises: [] })),
  'countdown-unannounced': weakened(groups({ countdown: NO_COUNTDOWN })),
};

test.each(RULES)('a controller that breaks the rule %s is caught', (rule) => {
  const caught = Array.from({ length: 60 }, (_, seed) => runDrill(drawSite(seed), createDraw(seed), 80, MUTATIONS[rule]));
  expect(caught.flatMap(({ breaches }) => breaches).some((breach) => breach.rule === rule)).toBe(true);
});

describe('a green that ends without a word of its tail display', () => {
  const site = groups({ countdown: { green: 'tail', red: 'none', tail: seconds(5) } })(fourArms());

  const even = (from: number, to: number, by = 1): readonly number[] =>
    Array.from({ length: (to - from) / by + 1 }, (_, i) => from + i * by);

  /** Judged at these seconds: the first group green from `begin` to the last of them, then in clearance, its display blank all the time. */
  const judged = (at: readonly number[], begin = 0): readonly Rule[] => {
    const checker = createStreetChecker(site);
    for (const second of at) {
      const shown = second < begin ? 'red' : second < at.at(-1)! ? 'green' : 'clearance';
      checker.see({
        at: instant(MONDAY_7 + second * 1000),
        lamps: site.groups.map((_, g) => (g === 0 ? shown : 'red')),
        numbers: site.groups.map(() => undefined),
        excused: false,
        held: false,
      });
    }
    return checker.breaches.map(({ rule }) => rule);
  };

  test('is a breach where the controller stepped evenly', () => {
    expect(judged(even(0, 40))).toEqual(['countdown-unannounced']);
    expect(judged(even(0, 40, 0.5))).toEqual(['countdown-unannounced']);
  });

  test('is none where a step came too late to tell, nor where two came late by the same', () => {
    expect(judged([0, 1, 2, 24, 25, 47], 24)).toEqual([]);
    expect(judged([0, 1, 2, 24, 46], 24)).toEqual([]);
  });

  test('is a breach again where the green begins after 20 s of even steps', () => {
    expect(judged([0, 1, 2, 24, ...even(46, 80)], 60)).toEqual([]);
    expect(judged([0, 1, 2, 24, ...even(46, 80)], 68)).toEqual(['countdown-unannounced']);
  });
});
