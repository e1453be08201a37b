import type { JunctionSummary } from '@songxanh/wire/live';
import type { JunctionLock } from '@songxanh/wire/room';
import { memo, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icon.tsx';
import { streetsOf } from '../junction/streets.ts';
import type { PageState } from '../live/live-state.ts';

/** More rows than this nobody reads; the search finds the others. */
const SHOWN = 100;

interface Props {
  readonly junctions: readonly JunctionSummary[];
  readonly state: PageState | undefined;
  readonly onSelect: (id: string) => void;
  /** Chosen for a common command; undefined where nobody may give one. */
  readonly group: ReadonlySet<string> | undefined;
  readonly onGroup: (id: string, chosen: boolean) => void;
  readonly onStreet: (ids: readonly string[]) => void;
  readonly locks: readonly JunctionLock[];
}

interface RowProps {
  readonly id: string;
  readonly name: string;
  readonly source: string | undefined;
  readonly waitS: number;
  /** On the screen: what lives in a row that nobody sees is not drawn. */
  readonly seen: boolean;
  readonly lock: JunctionLock | undefined;
  /** Chosen for a common command; undefined where nobody may give one. */
  readonly chosen: boolean | undefined;
  readonly onSelect: (id: string) => void;
  readonly onGroup: (id: string, chosen: boolean) => void;
}

const isSameRow = (before: RowProps, now: RowProps): boolean => {
  const { source, waitS, seen, ...rest } = now;
  return (
    (!seen || (before.source === source && before.waitS === waitS)) &&
    (Object.keys(rest) as (keyof typeof rest)[]).every((key) => before[key] === rest[key])
  );
};

/** Drawn again only when it changes: a long list with live numbers would cost the map its frames. */
const Row = memo(({ id, name, source, waitS, lock, chosen, onSelect, onGroup }: RowProps) => {
  const { t } = useTranslation();
  return (
    <li data-id={id}>
      {chosen !== undefined && (
        <input
          type="checkbox"
          aria-label={t('room.choose', { name })}
          checked={chosen}
          onChange={(event) => onGroup(id, event.target.checked)}
        />
      )}
      <button onClick={() => onSelect(id)}>
        <span>{name}</span>
        {lock && (
          <span title={lock.reason}>
            <Icon name="lock" /> {lock.holder}
          </span>
        )}
        {source !== undefined && <span className={`chip ${source === 'optimizer' ? 'good' : 'warn'}`}>{t(`source.${source}`)}</span>}
        {source !== undefined && (
          <span className="dim number" title={t('waits', { value: waitS })} aria-label={t('waits', { value: waitS })}>
            {t('seconds', { value: waitS })}
          </span>
        )}
      </button>
    </li>
  );
}, isSameRow);

/** Which of the list's rows are on the screen. */
const useSeen = (list: RefObject<HTMLUListElement | null>, rows: string): ReadonlySet<string> => {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const observer = new IntersectionObserver((entries) =>
      setSeen((before) => {
        const next = new Set(before);
        for (const { target, isIntersecting } of entries) {
          const { id = '' } = (target as HTMLElement).dataset;
          if (isIntersecting) next.add(id);
          else next.delete(id);
        }
        return next;
      }),
    );
    for (const row of list.current?.children ?? []) observer.observe(row);
    return () => observer.disconnect();
  }, [list, rows]);
  return seen;
};

export const JunctionList = ({ junctions, state, onSelect, group, onGroup, onStreet, locks }: Props) => {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState('');
  const found = useMemo(
    () => junctions.filter(({ id, name }) => `${name} ${id}`.toLowerCase().includes(wanted.toLowerCase())),
    [junctions, wanted],
  );
  const shown = found.slice(0, SHOWN);
  const list = useRef<HTMLUListElement>(null);
  const seen = useSeen(list, shown.map(({ id }) => id).join());
  const streets = useMemo(() => streetsOf(junctions), [junctions]);
  return (
    <section aria-labelledby="junctions">
      <h2 id="junctions">{t('junctions')}</h2>
      <input
        type="search"
        placeholder={t('findJunction')}
        aria-label={t('findJunction')}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      {group && streets.length > 0 && (
        <select
          className="street"
          aria-label={t('room.chooseStreet')}
          value=""
          onChange={(event) => onStreet(streets.find(({ name }) => name === event.target.value)?.junctions ?? [])}
        >
          <option value="">{t('room.chooseStreet')}</option>
          {streets.map(({ name, junctions: { length } }) => (
            <option key={name} value={name}>
              {t('room.street', { name, count: length })}
            </option>
          ))}
        </select>
      )}
      <p className="dim">{shown.length > 0 ? t('choose') : t('none')}</p>
      {shown.length > 0 && (
        <p className="dim columns" aria-hidden="true">
          <span>{t('inCharge')}</span> · <span>{t('longestWait')}</span>
        </p>
      )}
      <ul ref={list} className="junctions">
        {shown.map(({ id, name }) => (
          <Row
            key={id}
            id={id}
            name={name || id}
            source={state?.signals[id]?.source}
            waitS={Math.round(state?.signals[id]?.worstWaitS ?? 0)}
            seen={seen.has(id)}
            lock={locks.find(({ junction }) => junction === id)}
            chosen={group?.has(id)}
            onSelect={onSelect}
            onGroup={onGroup}
          />
        ))}
      </ul>
      {found.length > shown.length && <p className="dim">{t('room.firstOf', { shown: shown.length, count: found.length })}</p>}
    </section>
  );
};
