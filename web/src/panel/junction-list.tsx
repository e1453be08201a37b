import type { JunctionSummary } from '@songxanh/wire/live';
import type { JunctionLock } from '@songxanh/wire/room';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icon.tsx';
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
  readonly locks: readonly JunctionLock[];
}

export const JunctionList = ({ junctions, state, onSelect, group, onGroup, locks }: Props) => {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState('');
  const shown = junctions.filter(({ id, name }) => `${name} ${id}`.toLowerCase().includes(wanted.toLowerCase()));
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
      <p className="dim">{shown.length > 0 ? t('choose') : t('none')}</p>
      <ul className="junctions">
        {shown.slice(0, SHOWN).map((junction) => {
          const signals = state?.signals[junction.id];
          const lock = locks.find((one) => one.junction === junction.id);
          return (
            <li key={junction.id}>
              {group && (
                <input
                  type="checkbox"
                  aria-label={t('room.choose', { name: junction.name || junction.id })}
                  checked={group.has(junction.id)}
                  onChange={(event) => onGroup(junction.id, event.target.checked)}
                />
              )}
              <button onClick={() => onSelect(junction.id)}>
                <span>{junction.name || junction.id}</span>
                {lock && (
                  <span title={lock.reason}>
                    <Icon name="lock" /> {lock.holder}
                  </span>
                )}
                {signals && (
                  <span className={`chip ${signals.source === 'optimizer' ? 'good' : 'warn'}`}>{t(`source.${signals.source}`)}</span>
                )}
                {signals && <span className="dim number">{t('seconds', { value: Math.round(signals.worstWaitS) })}</span>}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
};
