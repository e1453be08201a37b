import type { JournalEntry } from '@songxanh/wire/room';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readJournal } from '../live/api.ts';
import type { RoomView } from './room-feed.ts';
import { useSay } from './say.ts';
import { useAct } from './use-act.ts';
import { Fault } from './fault.tsx';

interface Props {
  readonly room: RoomView;
  /** Only what concerns this junction. */
  readonly junction?: string;
}

/** Days before today are named; today's need not be. */
const isOtherDay = (at: number): boolean => new Date(at).toDateString() !== new Date().toDateString();

const concerns = (entry: JournalEntry, junction: string | undefined): boolean =>
  junction === undefined || entry.junction === junction || (entry.junctions?.includes(junction) ?? false);

/** What happened and what was done, newest first. */
export const Journal = ({ room, junction }: Props) => {
  const { t, i18n } = useTranslation();
  const [older, setOlder] = useState<readonly JournalEntry[]>([]);
  const [wanted, setWanted] = useState('');
  const act = useAct();
  const say = useSay();
  const first = (older.at(-1) ?? room.entries[0])?.seq;
  useEffect(() => setOlder([]), [junction]);
  const text = (entry: JournalEntry): string => t(`room.journal.${entry.kind}`, { defaultValue: entry.kind });
  const where = (entry: JournalEntry): string =>
    [entry.junction, ...(entry.junctions ?? [])].flatMap((one) => (one === undefined ? [] : [say.junction(one)])).join(', ');
  const all = [...[...room.entries].reverse(), ...older].filter(
    (entry) =>
      concerns(entry, junction) &&
      `${text(entry)} ${entry.by} ${entry.junction ?? ''} ${where(entry)} ${say.entry(entry)} ${entry.reason ?? ''}`
        .toLowerCase()
        .includes(wanted.toLowerCase()),
  );
  return (
    <section aria-labelledby="journal">
      {junction === undefined ? <h2 id="journal">{t('room.log')}</h2> : <h3 id="journal">{t('room.log')}</h3>}
      <input
        type="search"
        placeholder={t('room.findInLog')}
        aria-label={t('room.findInLog')}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      <ol className="journal">
        {all.map((entry) => (
          <li key={entry.seq} className={entry.outcome}>
            <time dateTime={new Date(entry.at).toISOString()}>
              {new Date(entry.at).toLocaleTimeString(i18n.language, { hour12: false })}
              {isOtherDay(entry.at) && (
                <>
                  <br />
                  {new Date(entry.at).toLocaleDateString(i18n.language, { day: 'numeric', month: 'numeric' })}
                </>
              )}
            </time>
            <span>
              <b>{text(entry)}</b> {entry.by !== 'system' && <span>{entry.by}</span>} {junction === undefined && where(entry)}{' '}
              <span className="dim">{say.entry(entry)}</span>
              {entry.reason !== undefined && <q>{entry.reason}</q>}
            </span>
          </li>
        ))}
      </ol>
      {first !== undefined && first > 1 && (
        <button
          disabled={act.busy}
          onClick={() =>
            act.run(
              () => readJournal(first),
              (more) => setOlder([...older, ...more]),
            )
          }
        >
          {t('room.older')}
        </button>
      )}
      <Fault says={act.fault} />
    </section>
  );
};
