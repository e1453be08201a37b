import { randomBytes } from 'node:crypto';
import type { Person } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import type { Store } from '@songxanh/store';
import type { CitizenReport, Works } from '@songxanh/wire';
import type { Journal } from './journal.ts';
import { keptIn } from './kept.ts';
import { mustBeAllowed } from './refusal.ts';

/** Letters and digits that are not mistaken for one another on paper; 8 of 30 are 39 bits: not to be guessed one by one. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const newCode = (): string => [...randomBytes(8)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? 'X').join('');

/** More than this per minute in all, and somebody is playing. */
const REPORTS_PER_MINUTE = 20;

export interface PublicDesk {
  readonly works: () => readonly Works[];
  /** Edges and lanes that works close now. */
  readonly closed: () => readonly string[];
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
  const keptWorks = keptIn<Works>(store, 'works');
  const keptReports = keptIn<CitizenReport>(store, 'reports');
  return {
    works: () => [...works.values()].filter(({ to }) => to > now()).sort((a, b) => a.from - b.from),
    closed: () => [
      ...new Set([...works.values()].filter(({ from, to }) => from <= now() && now() < to).flatMap(({ closes }) => closes ?? [])),
    ],
    announce: (person, wanted) => {
      mustBeAllowed(person, 'announce-works', wanted.junction);
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
      keptWorks.save(one.id, one);
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
      mustBeAllowed(person, 'announce-works', one.junction);
      works.delete(id);
      keptWorks.drop(id);
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
      keptReports.save(one.code, one);
      journal.add({ kind: 'report-received', by: 'public', junction, says: [{ say: 'report', report: kind }] });
      return one;
    },
    find: (code) => reports.get(code.toUpperCase()),
    answer: (person, code, state, answer) => {
      const one = reports.get(code);
      if (one === undefined) throw new EdgeError('not-found', 'no such report');
      mustBeAllowed(person, 'answer-reports', one.junction);
      const after = { ...one, state, answer, changedAt: now() };
      reports.set(code, after);
      keptReports.save(code, after);
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
      for (const one of await keptWorks.load()) works.set(one.id, one);
      for (const one of await keptReports.load()) reports.set(one.code, one);
    },
  };
};
