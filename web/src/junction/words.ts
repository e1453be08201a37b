import type { Arm, JunctionSummary, Turn } from '@songxanh/wire/live';
import type { TFunction } from 'i18next';

const ARMS: readonly Arm[] = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'];
const TURNS: readonly Turn[] = ['left', 'through', 'right', 'u-turn'];
const SIGN: Readonly<Record<Turn, string>> = { left: '↰', through: '↑', right: '↱', 'u-turn': '↶' };

type Group = JunctionSummary['groups'][number];

const inOrder = <T>(order: readonly T[], some: readonly T[]): readonly T[] => order.filter((one) => some.includes(one));
/** Who may turn left may turn back: said only where it is all there is. */
const spoken = (turns: readonly Turn[]): readonly Turn[] => {
  const said = inOrder(TURNS, turns).filter((turn) => turn !== 'u-turn');
  return said.length > 0 ? said : inOrder(TURNS, turns);
};
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Who goes, in the words of the street: a site's codes (`onlyS`, `m3`) are for engineers. */
export interface JunctionWords {
  /** "North & south: straight, right". */
  readonly stage: (id: string) => string;
  /** "N S ↑↱", where there is little room. */
  readonly stageSign: (id: string) => string;
  readonly group: (id: string) => string;
  /** The arm a lane comes from. */
  readonly lane: (id: string) => string;
}

/** Vehicles' arms with their turns, arms that do the same together. */
const flowsOf = (groups: readonly Group[]): readonly { readonly arms: readonly Arm[]; readonly turns: readonly Turn[] }[] => {
  const byTurns = new Map<string, { arms: Arm[]; turns: readonly Turn[] }>();
  for (const arm of ARMS) {
    const turns = spoken(groups.filter(({ kind, arms }) => kind !== 'pedestrian' && arms.includes(arm)).flatMap((group) => group.turns));
    if (turns.length === 0) continue;
    const key = turns.join();
    const flow = byTurns.get(key) ?? { arms: [], turns };
    byTurns.set(key, flow);
    flow.arms.push(arm);
  }
  return [...byTurns.values()];
};
const walksOf = (groups: readonly Group[]): readonly Arm[] =>
  inOrder(
    ARMS,
    groups.filter(({ kind }) => kind === 'pedestrian').flatMap(({ arms }) => arms),
  );

/** Names that are the same for several get a number. */
const distinct = (ids: readonly string[], wordsFor: (id: string) => string): ReadonlyMap<string, string> => {
  const said = ids.map((id) => [id, wordsFor(id)] as const);
  return new Map(
    said.map(([id, words], k) => {
      const twins = said.filter(([, other]) => other === words);
      return [id, twins.length === 1 ? words : `${words} (${String(said.slice(0, k + 1).filter(([, other]) => other === words).length)})`];
    }),
  );
};

export const wordsOf = (junction: JunctionSummary, t: TFunction): JunctionWords => {
  const arms = (some: readonly Arm[]): string => some.map((arm) => t(`arm.${arm}`)).join(t('and'));
  const letters = (some: readonly Arm[]): string => some.map((arm) => t(`armSign.${arm}`)).join(' ');
  const all = flowsOf(junction.groups);
  const wordsForFlow = (flow: (typeof all)[number]): string => {
    const isWhole = flow.arms.every((arm) => all.some((whole) => whole.arms.includes(arm) && whole.turns.join() === flow.turns.join()));
    return `${arms(flow.arms)}: ${isWhole && flow.turns.length > 1 ? t('turn.all') : flow.turns.map((turn) => t(`turn.${turn}`)).join(', ')}`;
  };
  const walkWords = (some: readonly Arm[]): string => t('crossingOf', { arms: arms(some) });
  const greenOf = (id: string): readonly Group[] => {
    const green = junction.stages.find((stage) => stage.id === id)?.green ?? [];
    return junction.groups.filter((group) => green.includes(group.id));
  };
  const describe = (id: string): string => {
    const given = junction.stages.find((stage) => stage.id === id)?.name;
    if (given !== undefined && given !== id) return given;
    const flows = flowsOf(greenOf(id));
    const walks = walksOf(greenOf(id));
    if (flows.length > 0) return capital(flows.map(wordsForFlow).join('; '));
    return walks.length > 0 ? capital(walkWords(walks)) : id;
  };
  const sign = (id: string): string => {
    const flows = flowsOf(greenOf(id));
    const walks = walksOf(greenOf(id));
    if (flows.length > 0) return flows.map((flow) => `${letters(flow.arms)} ${flow.turns.map((turn) => SIGN[turn]).join('')}`).join(' · ');
    return walks.length > 0 ? `${letters(walks)} ↔` : id;
  };
  const wordsForGroup = (id: string): string => {
    const group = junction.groups.find((one) => one.id === id);
    if (group === undefined || group.arms.length === 0) return group?.name ?? id;
    if (group.kind === 'pedestrian') return capital(walkWords(group.arms));
    return capital(
      `${arms(group.arms)}: ${spoken(group.turns)
        .map((turn) => t(`turn.${turn}`))
        .join(', ')}`,
    );
  };
  const stages = distinct(
    junction.stages.map(({ id }) => id),
    describe,
  );
  const groups = distinct(
    junction.groups.map(({ id }) => id),
    wordsForGroup,
  );
  return {
    stage: (id) => stages.get(id) ?? id,
    stageSign: sign,
    group: (id) => groups.get(id) ?? id,
    lane: (id) => {
      const from = junction.groups.find(({ lanes }) => lanes.includes(id))?.arms ?? [];
      return from.length > 0 ? capital(arms(from)) : id;
    },
  };
};
