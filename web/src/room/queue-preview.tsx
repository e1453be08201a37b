import type { JunctionSummary } from '@songxanh/wire/live';
import type { CommandAction, TrafficPreview } from '@songxanh/wire/room';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordsOf } from '../junction/words.ts';
import { previewTraffic } from '../live/api.ts';
import { touched, type Touched } from './touched-approaches.ts';

const WIDTH = 120;
const HEIGHT = 36;

/** The queue over time, with the order and without; its words stand beside it. */
const QueuePicture = ({ approach, top }: { readonly approach: Touched; readonly top: number }) => {
  const line = (queue: readonly number[]): string =>
    queue.map((pcu, k) => `${(k / Math.max(1, queue.length - 1)) * WIDTH},${HEIGHT - 2 - (pcu / top) * (HEIGHT - 4)}`).join(' ');
  return (
    <svg className="queue-picture" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline points={line(approach.without.queuePcu)} className="without" />
      <polyline points={line(approach.with.queuePcu)} className="with" />
    </svg>
  );
};

interface Props {
  readonly junction: JunctionSummary;
  readonly action: CommandAction;
  readonly durationS: number;
}

/** What the order would do to the queues: asked for when it is shown, since it takes some seconds. */
export const QueuePreview = ({ junction, action, durationS }: Props) => {
  const { t } = useTranslation();
  const [traffic, setTraffic] = useState<TrafficPreview | 'unknown'>();
  useEffect(() => {
    let isShown = true;
    previewTraffic(junction.id, action, durationS).then(
      (found) => isShown && setTraffic(found),
      () => isShown && setTraffic('unknown'),
    );
    return () => {
      isShown = false;
    };
  }, [junction.id, action, durationS]);
  if (traffic === undefined) return <p className="dim">{t('room.queues.working')}</p>;
  if (traffic === 'unknown') return <p className="dim">{t('room.queues.unknown')}</p>;
  const words = wordsOf(junction, t);
  const approaches = touched(traffic.approaches);
  const top = Math.max(5, ...approaches.map(({ most }) => most));
  const more = Math.round((traffic.personS.with - traffic.personS.without) / 60);
  const minutes = Math.round(traffic.forS / 60);
  const amount = Math.abs(more) < 120 ? `${Math.abs(more)} min` : `${Math.round(Math.abs(more) / 60)} h`;
  return (
    <div className="queue-preview">
      <p>
        <b>
          {more === 0 ? t('room.queues.same', { minutes }) : t(more > 0 ? 'room.queues.more' : 'room.queues.less', { minutes, amount })}
        </b>
      </p>
      {approaches.length > 0 && (
        <ul>
          {approaches.map((approach) => (
            <li key={approach.lanes[0]}>
              <QueuePicture {...{ approach, top }} />
              <span>
                <b>{words.lane(approach.lanes[0] ?? '')}</b>{' '}
                {t('room.queues.queue', { count: Math.round(approach.most), usual: Math.round(approach.usualMost) })}
                {', '}
                {t('room.queues.wait', { seconds: Math.round(approach.with.meanWaitS), usual: Math.round(approach.without.meanWaitS) })}
                {approach.isFull && <span className="fault"> {t('room.queues.full', { room: approach.roomPcu })}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="dim">
        <i className="swatch with" /> {t('room.queues.with')} <i className="swatch without" /> {t('room.queues.without')}
        {approaches.length < traffic.approaches.length && ` · ${t('room.queues.others')}`}
      </p>
    </div>
  );
};
