import type { PriorityAsk, TransitVehicle } from '@songxanh/wire/live';
import { useTranslation } from 'react-i18next';
import type { PageState } from '../live/live-state.ts';
import { useSay } from './say.ts';
import type { RoomView } from './room-feed.ts';

/** Later than this somebody should know. */
const LATE_S = 120;
const VERY_LATE_S = 300;

export const Lateness = ({ seconds }: { readonly seconds: number | null }) => {
  const { t } = useTranslation();
  if (seconds === null) return <span className="chip">{t('room.transit.noTrip')}</span>;
  const minutes = Math.trunc(Math.abs(seconds) / 60);
  const tone = seconds >= VERY_LATE_S ? 'bad' : seconds >= LATE_S ? 'warn' : 'good';
  return (
    <span className={`chip ${tone}`}>
      {minutes === 0 ? t('room.transit.onTime') : t(seconds > 0 ? 'room.transit.late' : 'room.transit.early', { count: minutes })}
    </span>
  );
};

/** What a request got, in words. */
export const AskStatus = ({ ask }: { readonly ask: PriorityAsk }) => {
  const { t } = useTranslation();
  return (
    <span className={`chip ${ask.status === 'granted' ? 'good' : ask.status === 'rejected' ? 'bad' : ''}`}>
      {t(`room.transit.status.${ask.status}`)}
    </span>
  );
};

const byLateness = (a: TransitVehicle, b: TransitVehicle): number => (b.latenessS ?? -Infinity) - (a.latenessS ?? -Infinity);

interface Props {
  readonly state: PageState | undefined;
  readonly room: RoomView;
  readonly onFocus: (place: { readonly lon: number; readonly lat: number }) => void;
}

/** Followed buses, the latest first, with what they ask; and emergency vehicles on their way. */
export const Transit = ({ state, room, onFocus }: Props) => {
  const { t } = useTranslation();
  const say = useSay();
  const vehicles = [...(state?.transit ?? [])].sort(byLateness);
  const asks = state?.asks ?? [];
  const emergencies = room.state?.emergencies ?? [];
  return (
    <section aria-labelledby="transit">
      <h2 id="transit">{t('room.transit.title')}</h2>
      {emergencies.length > 0 && (
        <>
          <h3>{t('room.transit.emergencies')}</h3>
          <ul className="alarms">
            {emergencies.map(({ vehicle, vehicleClass, lon, lat, junctions }) => (
              <li key={vehicle} className="critical">
                <button className="link" onClick={() => onFocus({ lon, lat })}>
                  {vehicle}
                </button>{' '}
                {t(`room.transit.class.${vehicleClass}`, { defaultValue: vehicleClass })}
                <p className="dim">
                  {junctions
                    .map(
                      ({ junction, status }) =>
                        `${say.junction(junction)}${status === null ? '' : `: ${t(`room.transit.status.${status}`)}`}`,
                    )
                    .join(' → ') || t('room.transit.noMore')}
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
      {vehicles.length === 0 && <p className="dim">{t('room.transit.none')}</p>}
      <ul className="transit">
        {vehicles.map(({ vehicle, line, lon, lat, latenessS, headwayRatio, persons }) => (
          <li key={vehicle}>
            <button className="link" onClick={() => onFocus({ lon, lat })}>
              {t('room.transit.vehicle', { line, vehicle })}
            </button>{' '}
            <Lateness seconds={latenessS} />
            <p className="dim">
              {[
                t('room.transit.persons', { count: persons }),
                headwayRatio === null ? '' : t('room.transit.headway', { percent: Math.round(headwayRatio * 100) }),
              ]
                .filter((part) => part !== '')
                .join(' · ')}
            </p>
            {asks
              .filter((ask) => ask.vehicle === vehicle)
              .map((ask) => (
                <p key={ask.junction}>
                  {say.junction(ask.junction)} <AskStatus ask={ask} />
                </p>
              ))}
          </li>
        ))}
      </ul>
    </section>
  );
};
