import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icon.tsx';
import type { ReplayFeed } from './replay-feed.ts';

const SPEEDS = [1, 5, 20] as const;

interface Props {
  readonly feed: ReplayFeed;
  readonly time: (at: number) => string;
  readonly onClose: () => void;
}

/** Controls of the past: nobody may take it for the present. */
export const ReplayBar = ({ feed, time, onClose }: Props) => {
  const { t } = useTranslation();
  const view = useSyncExternalStore(feed.subscribe, feed.readView);
  const first = view.segments[0];
  const last = view.segments.at(-1);
  return (
    <div className="replay" role="region" aria-label={t('room.replay')}>
      <b>
        <Icon name="past" /> {t('room.past')}
      </b>
      {first && last ? (
        <>
          <button onClick={() => feed.play(!view.playing)}>{t(view.playing ? 'room.pause' : 'room.play')}</button>
          <span className="number">{time(first.from)}</span>
          <input
            type="range"
            min={first.from}
            max={last.to}
            step={1000}
            value={view.at}
            aria-label={t('room.instant')}
            aria-valuetext={time(view.at)}
            onChange={(event) => void feed.seek(Number(event.target.value))}
          />
          <span className="number">{time(last.to)}</span>
          <b className="number">{time(view.at)}</b>
          <select aria-label={t('room.speed')} value={view.speed} onChange={(event) => feed.setSpeed(Number(event.target.value))}>
            {SPEEDS.map((speed) => (
              <option key={speed} value={speed}>
                ×{speed}
              </option>
            ))}
          </select>
        </>
      ) : (
        <span>{t('room.nothingRecorded')}</span>
      )}
      <span className="fault">{view.fault}</span>
      <button onClick={onClose}>{t('room.backToLive')}</button>
    </div>
  );
};
