import type { JunctionSummary } from '@songxanh/wire/live';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PageState } from '../live/live-state.ts';

interface Props {
  readonly junctions: readonly JunctionSummary[];
  readonly state: PageState | undefined;
  readonly onSelect: (id: string) => void;
}

export const JunctionList = ({ junctions, state, onSelect }: Props) => {
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
        {shown.map((junction) => {
          const signals = state?.signals[junction.id];
          return (
            <li key={junction.id}>
              <button onClick={() => onSelect(junction.id)}>
                <span>{junction.name || junction.id}</span>
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
