import type { JunctionSummary } from '@songxanh/wire/live';
import type { JournalEntry, Phrase } from '@songxanh/wire/room';
import type { TFunction } from 'i18next';
import { createContext, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type JunctionWords, wordsOf } from '../junction/words.ts';

/** What the gateway says by codes, in the words of the page. */
export interface Say {
  readonly junction: (id: string) => string;
  /** An order; its stage by the words of the junction. */
  readonly order: (order: string, name?: string, junction?: string) => string;
  readonly alarmDetail: (kind: string, detail: string) => string;
  readonly phrases: (phrases: readonly Phrase[], junction?: string) => string;
  /** What an entry says beside its kind. */
  readonly entry: (entry: JournalEntry) => string;
}

/** Longer than this is said in minutes. */
const IN_SECONDS = 100;

export const sayIn = (junctions: readonly JunctionSummary[], t: TFunction, language: string): Say => {
  const known = new Map(junctions.map((junction) => [junction.id, junction]));
  const words = new Map<string, JunctionWords>();
  const wordsFor = (id: string): JunctionWords | undefined => {
    const junction = known.get(id);
    if (junction === undefined) return undefined;
    const made = words.get(id) ?? wordsOf(junction, t);
    words.set(id, made);
    return made;
  };
  const code = (family: string, one: string): string => t(`${family}.${one}`, { defaultValue: one });
  const junction = (id: string): string => known.get(id)?.name || id;
  const order: Say['order'] = (kind, name, at) => {
    const what = code('room.actions', kind);
    if (name === undefined) return what;
    return `${what}: ${kind === 'plan' ? code('planName', name) : at === undefined ? name : (wordsFor(at)?.stage(name) ?? name)}`;
  };
  const alarmDetail: Say['alarmDetail'] = (kind, detail) => {
    switch (kind) {
      case 'process-down': {
        const [process = '', ...name] = detail.split(' ');
        return [code('process', process), ...name].join(' ');
      }
      case 'fault-flash':
      case 'without-optimizer':
        return code('room.why', detail);
      case 'not-running':
        return code('modes', detail);
      case 'bus-late':
        return t('room.lateLine', { line: detail });
      case 'data-quality':
        return code('room.quality', detail);
      default:
        return detail;
    }
  };
  const lasting = (s: number): string => (s < IN_SECONDS ? t('seconds', { value: s }) : t('room.minutes', { count: Math.round(s / 60) }));
  const phrase = (one: Phrase, at: string | undefined): string => {
    switch (one.say) {
      case 'text':
        return one.text;
      case 'words':
        return language === 'vi' ? one.words.vi : one.words.en;
      case 'for':
        return lasting(one.seconds);
      case 'order':
        return order(one.order, one.name, at);
      case 'source':
        return code('source', one.source);
      case 'refused':
        return t(`room.refused.${one.why}`, { defaultValue: one.text });
      case 'reached':
        return one.seconds === null
          ? t('room.says.notReached', { junction: junction(one.junction) })
          : t('room.says.reached', { junction: junction(one.junction), time: lasting(one.seconds) });
      case 'outcome':
        return t(`room.says.${one.outcome}`, { junctions: one.junctions.map(junction).join(', ') });
      case 'alarm':
        return `${code('room.alarm', one.alarm)}: ${alarmDetail(one.alarm, one.detail)}`;
      case 'report':
        return code('room.reportKind', one.report);
      case 'report-state':
        return `${one.code}: ${code('room.reportState', one.state)}`;
      case 'account':
        return t('room.says.account', { name: one.name, role: t(`room.roles.${one.role}`) });
      case 'trimmed':
        return t('room.says.trimmed', { count: one.count, day: new Date(one.before).toLocaleDateString(language) });
      case 'ended':
        return t('room.says.ended', one);
      case 'summary':
        return t('room.says.summary', one);
      case 'silenced':
        return t('room.says.silenced', one);
      case 'drill':
      case 'taken-from':
      case 'asked-by':
      case 'assigned-to':
      case 'given-by':
        return t(`room.says.${one.say}`, { ...one });
    }
  };
  const phrases: Say['phrases'] = (all, at) =>
    all
      .map((one) => phrase(one, at))
      .filter((text) => text !== '')
      .join(' · ');
  return {
    junction,
    order,
    alarmDetail,
    phrases,
    entry: (entry) => (entry.says === undefined ? entry.detail : phrases(entry.says, entry.junction ?? entry.junctions?.[0])),
  };
};

const NOTHING: readonly JunctionSummary[] = [];
/** The city's junctions, for whoever has to name one. */
export const CityContext = createContext(NOTHING);

export const useSay = (): Say => {
  const { t, i18n } = useTranslation();
  const junctions = useContext(CityContext);
  return useMemo(() => sayIn(junctions, t, i18n.language), [junctions, t, i18n.language]);
};
