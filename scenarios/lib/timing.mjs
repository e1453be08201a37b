// Fixed plans as an engineer makes them: splits by degree of saturation, interstages by the intergreen matrix, and SUMO's letters for them.

/** Begin and end of each group's green round a change at 0 from stage `from` to stage `to` (seconds): losing groups end as late as they can. */
export const interstage = (site, from, to) => {
  const gaining = to.green.filter((g) => !from.green.includes(g));
  const losing = from.green.filter((g) => !to.green.includes(g));
  const intergreen = (a, b) => site.intergreensS[a]?.[b];
  const begins = new Map(gaining.map((g) => [g, Math.max(0, ...losing.map((l) => intergreen(l, g) ?? 0))]));
  const ends = new Map(
    losing.map((l) => {
      const limits = gaining.filter((g) => intergreen(l, g) !== undefined).map((g) => begins.get(g) - intergreen(l, g));
      return [l, limits.length === 0 ? 0 : Math.max(0, Math.min(...limits))];
    }),
  );
  // Yellow trap: who is yielded to may not keep its green longer than who yields.
  for (const { yields, to: served } of site.conflicts.permissive)
    if (ends.has(yields) && ends.has(served)) ends.set(served, Math.min(ends.get(served), ends.get(yields)));
  return { begins, ends };
};

/** Greens per group over one cycle, from the first split's change at 0; a green that runs over the cycle's end has end > cycle. */
export const greensOf = (site, plan) => {
  const stages = plan.splits.map((s) => site.stages.find((x) => x.id === s.stage));
  const starts = plan.splits.map((_, i) => plan.splits.slice(0, i).reduce((t, s) => t + s.durationS, 0));
  const changes = stages.map((to, i) => ({ at: starts[i], ...interstage(site, stages.at(i - 1), to) }));
  const greens = new Map(site.groups.map((g) => [g.id, []]));
  for (const change of changes)
    for (const [g, delay] of change.begins) {
      const begin = change.at + delay;
      const end = Math.min(
        ...changes
          .filter((c) => c.ends.has(g))
          .map((c) => {
            const e = c.at + c.ends.get(g);
            return e > begin ? e : e + plan.cycleS;
          }),
      );
      greens.get(g).push({ begin, end });
    }
  return greens;
};

/** One letter per head for each second of the cycle, joined to SUMO phases. */
export const programOf = (site, plan) => {
  const greens = greensOf(site, plan);
  const inCycle = (t, begin, end) => [t, t + plan.cycleS, t - plan.cycleS].some((x) => x >= begin && x < end);
  const clearanceS = new Map(site.groups.map((g) => [g.id, g.clearanceS]));
  const isGreen = (g, t) => greens.get(g).some((x) => inCycle(t, x.begin, x.end));
  const isClearing = (g, t) => greens.get(g).some((x) => inCycle(t, x.end, x.end + clearanceS.get(g)));
  const letter = (group, t) => {
    if (isGreen(group.id, t)) {
      const yields = site.conflicts.permissive.some((c) => c.yields === group.id && (isGreen(c.to, t) || isClearing(c.to, t)));
      return yields ? 'g' : 'G';
    }
    return group.kind !== 'pedestrian' && isClearing(group.id, t) ? 'y' : 'r';
  };
  const phases = [];
  for (let t = 0; t < plan.cycleS; t++) {
    const state = Array(site.headCount).fill('r');
    for (const group of site.groups) for (const head of group.heads) state[head] = letter(group, t);
    const s = state.join('');
    if (phases.at(-1)?.state === s) phases.at(-1).duration++;
    else phases.push({ duration: 1, state: s });
  }
  return phases;
};

/** Seconds from a stage's change to the last of its groups' greens. */
const entryS = (site, from, to) => Math.max(0, ...interstage(site, from, to).begins.values());

/**
 * Splits that give every stage its minimum and the rest in proportion to the critical flow ratios (Webster's equal degree of saturation).
 * `flowRatio(group)`: demand / saturation flow.
 */
export const splitsFor = (site, sequence, cycleS, flowRatio) => {
  const stages = sequence.map((id) => site.stages.find((s) => s.id === id));
  const group = new Map(site.groups.map((g) => [g.id, g]));
  const needs = stages.map((stage, i) => {
    const from = stages.at(i - 1);
    const next = stages[(i + 1) % stages.length];
    const entry = interstage(site, from, stage).begins;
    // A group that is green in a neighbouring stage as well may find its minimum there.
    const own = stage.green.filter((g) => !from.green.includes(g));
    const minimum = Math.max(5, ...own.map((g) => entry.get(g) + group.get(g).minGreenS));
    // A left turn that is green twice needs its protected stage, a straight its last one.
    const counts = (g) => (g.endsWith('L') ? !from.green.includes(g) : !next.green.includes(g));
    const critical = Math.max(...stage.green.filter(counts).map(flowRatio), 0);
    return { minimum, lost: entryS(site, from, stage), critical };
  });
  const total = (k) => needs.reduce((s, n) => s + Math.max(n.minimum, n.lost + n.critical * k), 0);
  if (total(0) > cycleS) throw new Error(`${site.id}: the minimum splits need ${total(0)} s, the cycle has ${cycleS} s`);
  let [low, high] = [0, 1000];
  for (let i = 0; i < 50; i++) [low, high] = total((low + high) / 2) > cycleS ? [low, (low + high) / 2] : [(low + high) / 2, high];
  const splits = needs.map((n, i) => ({ stage: sequence[i], durationS: Math.floor(Math.max(n.minimum, n.lost + n.critical * low)) }));
  const longest = splits.reduce((a, b) => (b.durationS > a.durationS ? b : a));
  longest.durationS += cycleS - splits.reduce((s, x) => s + x.durationS, 0);
  return { splits, degreeOfSaturation: cycleS / low };
};
