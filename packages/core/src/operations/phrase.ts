import type { Role } from '../access/roles.ts';
import type { Source } from '../plan/stage-plan.ts';

/** Text in the languages of the room. */
export interface Words {
  readonly en: string;
  readonly vi: string;
}

/** A part of what the log says, as a code with its parameters: each page says it in its own language. */
export type Phrase =
  /** What somebody wrote, as it was written. */
  | { readonly say: 'text'; readonly text: string }
  | { readonly say: 'words'; readonly words: Words }
  | { readonly say: 'for'; readonly seconds: number }
  /** `hold`, `advance`, `stage`, `plan`, `all-red`, `flash`, `release`; the stage or plan where there is one. */
  | { readonly say: 'order'; readonly order: string; readonly name?: string }
  | { readonly say: 'source'; readonly source: Source }
  | { readonly say: 'ended'; readonly of: string; readonly count: number }
  | { readonly say: 'taken-from' | 'asked-by' | 'assigned-to' | 'given-by'; readonly who: string }
  /** A refusal's stable code, and its sentence with the numbers. */
  | { readonly say: 'refused'; readonly why: string; readonly text: string }
  | { readonly say: 'drill' }
  /** When the junction's twin does what is asked; `null` where it does not within the horizon. */
  | { readonly say: 'reached'; readonly junction: string; readonly seconds: number | null }
  | { readonly say: 'outcome'; readonly outcome: 'given' | 'waiting'; readonly junctions: readonly string[] }
  | { readonly say: 'summary'; readonly done: number; readonly late: number; readonly missed: number }
  | { readonly say: 'alarm'; readonly alarm: string; readonly detail: string }
  | { readonly say: 'silenced'; readonly minutes: number; readonly reason: string }
  | { readonly say: 'trimmed'; readonly count: number; readonly before: number }
  | { readonly say: 'report'; readonly report: string }
  | { readonly say: 'report-state'; readonly code: string; readonly state: string }
  | { readonly say: 'account'; readonly name: string; readonly role: Role };

const inEnglish = (phrase: Phrase): string => {
  switch (phrase.say) {
    case 'text':
      return phrase.text;
    case 'words':
      return phrase.words.en;
    case 'for':
      return `${String(phrase.seconds)} s`;
    case 'order':
      return phrase.name === undefined ? phrase.order : `${phrase.order} ${phrase.name}`;
    case 'source':
      return phrase.source;
    case 'ended':
      return `${phrase.of}: ${String(phrase.count)} override${phrase.count === 1 ? '' : 's'} ended`;
    case 'taken-from':
      return `from ${phrase.who}`;
    case 'asked-by':
      return `asked by ${phrase.who}`;
    case 'assigned-to':
      return `to ${phrase.who}`;
    case 'given-by':
      return `of ${phrase.who}`;
    case 'refused':
      return phrase.text;
    case 'drill':
      return '(drill)';
    case 'reached':
      return `${phrase.junction}: ${phrase.seconds === null ? 'not reached' : `reached in ${String(phrase.seconds)} s`}`;
    case 'outcome':
      return `${phrase.outcome}: ${phrase.junctions.join(', ')}`;
    case 'summary':
      return `${String(phrase.done)} done, ${String(phrase.late)} late, ${String(phrase.missed)} missed`;
    case 'alarm':
      return `${phrase.alarm}: ${phrase.detail}`;
    case 'silenced':
      return `${String(phrase.minutes)} min: ${phrase.reason}`;
    case 'trimmed':
      return `${String(phrase.count)} entries older than the retention`;
    case 'report':
      return phrase.report;
    case 'report-state':
      return `${phrase.code}: ${phrase.state}`;
    case 'account':
      return `${phrase.name} as ${phrase.role}`;
  }
};

/** The phrases as one English line: what stands in the audit log's file. */
export const sayInEnglish = (phrases: readonly Phrase[]): string =>
  phrases
    .map(inEnglish)
    .filter((text) => text !== '')
    .join(' · ');
