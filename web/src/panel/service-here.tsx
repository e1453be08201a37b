import type { JunctionSummary } from '@songxanh/wire/live';
import { useTranslation } from 'react-i18next';
import type { JunctionWords } from '../junction/words.ts';
import type { PageState } from '../live/live-state.ts';
import type { RoomView } from '../room/room-feed.ts';
import { AskStatus, Lateness } from '../room/transit.tsx';

interface Props {
  readonly junction: JunctionSummary;
  readonly words: JunctionWords;
  readonly state: PageState;
  readonly room: RoomView;
}

/** Who asks for priority here, who preempts, and what is closed. */
export const ServiceHere = ({ junction, words, state, room }: Props) => {
  const { t, i18n } = useTranslation();
  const asks = (state.asks ?? []).filter((ask) => ask.junction === junction.id);
  const preempting = (room.state?.emergencies ?? []).flatMap(({ vehicle, vehicleClass, junctions }) =>
    junctions.filter((one) => one.junction === junction.id).map(({ status }) => ({ vehicle, vehicleClass, status })),
  );
  const works = (room.state?.works ?? []).filter((one) => one.junction === junction.id);
  const when = (at: number): string => new Date(at).toLocaleString(i18n.language, { dateStyle: 'short', timeStyle: 'short' });
  if (asks.length + preempting.length + works.length === 0) return null;
  return (
    <section aria-labelledby="service">
      <h3 id="service">{t('room.transit.here')}</h3>
      <ul className="transit">
        {preempting.map(({ vehicle, vehicleClass, status }) => (
          <li key={vehicle}>
            <b>{t(`room.transit.class.${vehicleClass}`, { defaultValue: vehicleClass })}</b> {vehicle}
            {status !== null && <span className="chip bad">{t(`room.transit.status.${status}`)}</span>}
          </li>
        ))}
        {asks.map((ask) => (
          <li key={ask.vehicle}>
            {t('room.transit.vehicle', { line: ask.line ?? '', vehicle: ask.vehicle })} <Lateness seconds={ask.latenessS} />{' '}
            <AskStatus ask={ask} />
            <p className="dim">
              {words.group(ask.group)} ·{' '}
              {t('room.transit.arrives', {
                from: Math.max(0, Math.round((ask.earliest - state.at) / 1000)),
                to: Math.max(0, Math.round((ask.latest - state.at) / 1000)),
              })}
            </p>
          </li>
        ))}
        {works.map((one) => (
          <li key={one.id}>
            {(one.closes ?? []).length > 0 && <span className="chip bad">{t('room.closure')}</span>} {one.text}
            <p className="dim">
              {[(one.streets ?? []).join(', '), `${when(one.from)} – ${when(one.to)}`].filter((part) => part !== '').join(' · ')}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
};
