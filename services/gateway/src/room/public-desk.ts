import { randomBytes } from 'node:crypto';
import type { Person } from '@songxanh/core';
import { mayDo } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import type { RoomTable, Store } from '@songxanh/store';
import { deleteFromRoom, listRoom, saveInRoom } from '@songxanh/store';
import type { CitizenReport, Works } from '@songxanh/wire';
import type { Journal } from './journal.ts';
import { throwRefusal } from './refusal.ts';

/** Letters and digits that are not mistaken for one another on paper; 8 of 30 are 39 bits: not to be guessed one by one. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const newCode = (): string => [...randomBytes(8)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? 'X').join('');

/** More than this per minute in all, and somebody is playing. */
const REPORTS_PER_MINUTE = 20;

export interface PublicDesk {
  readonly works: () => readonly Works[];
  readonly announce: (person: Person, works: Omit<Works, 'id' | 'by' | 'streets'>) => Works;
  readonly withdraw: (person: Person, id: string) => void;
  readonly reports: () => readonly CitizenReport[];
  readonly report: (report: Pick<CitizenReport, 'junction' | 'kind' | 'text'>) => CitizenReport;
  readonly find: (code: string) => CitizenReport | undefined;
  readonly answer: (person: Person, code: string, state: CitizenReport['state'], answer: string) => CitizenReport;
  readonly restore: () => Promise<void>;
}

/** What citizens and the room tell each other: planned works, reports and their answers. No name, address or device of a citizen is kept. */
export const openPublicDesk = (deps: {
  readonly journal: Journal;
  readonly store: Store | undefined;
  readonly now: () => number;
  /** The street's name of an edge or a lane, '' where it has none; undefined where the network does not have it. */
  readonly streetOf: (id: string) => string | undefined;
}): PublicDesk => {
  const { journal, store, now, streetOf } = deps;
  const works = new Map<string, Works>();
  const reports = new Map<string, CitizenReport>();
  let recent: readonly number[] = [];
  const keep = (table: RoomTable, id: string, value: unknown): void => {
    if (store !== undefined) void saveInRoom(store, table, id, value);
  };
  const must = (person: Person, deed: 'announce-works' | 'answer-reports', junction: string): void => {
    const permitted = mayDo(person, deed, junction);
    if (!permitted.ok) throwRefusal(permitted);
  };
  return {
    works: () => [...works.values()].filter(({ to }) => to > now()).sort((a, b) => a.from - b.from),
    announce: (person, wanted) => {
      must(person, 'announce-works', wanted.junction);
      if (wanted.to <= wanted.from || wanted.to <= now())
        throw new EdgeError('bad-input', 'body/to: expected an end after the begin and after now');
      const streets = (wanted.closes ?? []).map((id) => {
        const street = streetOf(id);
        if (street === undefined) throw new EdgeError('bad-input', `body/closes: ${JSON.stringify(id)} is no edge or lane of the network`);
        return street;
      });
      const named = [...new Set(streets.filter((street) => street !== ''))];
      const one = { ...wanted, ...(streets.length === 0 ? {} : { streets: named }), id: newCode(), by: person.name };
      works.set(one.id, one);
      keep('works', one.id, one);
      journal.add({
        kind: 'works-announced',
        by: person.name,
        role: person.role,
        junction: one.junction,
        says: [{ say: 'text', text: one.text }],
      });
      return one;
    },
    withdraw: (person, id) => {
      const one = works.get(id);
      if (one === undefined) throw new EdgeError('not-found', 'no such works');
      must(person, 'announce-works', one.junction);
      works.delete(id);
      if (store !== undefined) void deleteFromRoom(store, 'works', id);
      journal.add({
        kind: 'works-withdrawn',
        by: person.name,
        role: person.role,
        junction: one.junction,
        says: [{ say: 'text', text: one.text }],
      });
    },
    reports: () => [...reports.values()].sort((a, b) => b.at - a.at),
    report: ({ junction, kind, text }) => {
      recent = [...recent.filter((at) => now() - at < 60_000), now()];
      if (recent.length > REPORTS_PER_MINUTE) throw new EdgeError('too-many-requests', 'too many reports now: try again in a minute');
      const one: CitizenReport = { code: newCode(), junction, kind, text, at: now(), state: 'received', answer: '', changedAt: now() };
      reports.set(one.code, one);
      keep('reports', one.code, one);
      journal.add({ kind: 'report-received', by: 'public', junction, says: [{ say: 'report', report: kind }] });
      return one;
    },
    find: (code) => reports.get(code.toUpperCase()),
    answer: (person, code, state, answer) => {
      const one = reports.get(code);
      if (one === undefined) throw new EdgeError('not-found', 'no such report');
      must(person, 'answer-reports', one.junction);
      const after = { ...one, state, answer, changedAt: now() };
      reports.set(code, after);
      keep('reports', code, after);
      journal.add({
        kind: 'report-answered',
        by: person.name,
        role: person.role,
        junction: one.junction,
        says: [{ say: 'report-state', code, state }],
      });
      return after;
    },
    restore: async () => {
      if (store === undefined) return;
      const [knownWorks, knownReports] = await Promise.all([listRoom<Works>(store, 'works'), listRoom<CitizenReport>(store, 'reports')]);
      if (knownWorks.ok) for (const one of knownWorks.value) works.set(one.id, one);
      if (knownReports.ok) for (const one of knownReports.value) reports.set(one.code, one);
    },
  };
};
