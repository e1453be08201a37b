import type { Alarm, AlarmDeed, Me } from '@songxanh/wire/room';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { handleAlarm } from '../live/api.ts';
import { callsForSomebody, sortAlarms } from './alarm-order.ts';
import { mayHere } from '../session/use-session.ts';
import type { RoomView } from './room-feed.ts';
import { useSay } from './say.ts';
import { useAct } from './use-act.ts';
import { countdown, useNow } from './use-now.ts';
import { Fault } from './fault.tsx';

interface RowProps {
  readonly alarm: Alarm;
  readonly me: Me;
  readonly now: number;
  readonly onSelect: (junction: string) => void;
}

const Row = ({ alarm, me, now, onSelect }: RowProps) => {
  const { t, i18n } = useTranslation();
  const act = useAct();
  const say = useSay();
  const [text, setText] = useState('');
  const may = mayHere(me, 'handle-alarms', ...(alarm.junction === undefined ? [] : [alarm.junction]));
  const handle = (deed: AlarmDeed): void =>
    act.run(
      () => handleAlarm(alarm.id, deed),
      () => setText(''),
    );
  const suspended = alarm.suspendedUntil !== undefined && alarm.suspendedUntil > now;
  const clock = (at: number): string => new Date(at).toLocaleTimeString(i18n.language, { hour12: false });
  return (
    <li className={`alarm ${alarm.severity} ${callsForSomebody(alarm, now) ? 'new' : ''}`}>
      <div className="alarm-head">
        <b>{t(`room.alarm.${alarm.kind}`, { defaultValue: alarm.kind })}</b>
        <span className={`chip ${alarm.severity === 'critical' ? 'bad' : alarm.severity === 'warning' ? 'warn' : ''}`}>
          {t(`room.severity.${alarm.severity}`)}
        </span>
        <span className="dim">
          {clock(alarm.raisedAt)}
          {alarm.times > 1 && ` ×${alarm.times}`}
        </span>
      </div>
      <p>
        {alarm.junction !== undefined && (
          <button className="link" onClick={() => onSelect(alarm.junction ?? '')}>
            {say.junction(alarm.junction)}
          </button>
        )}{' '}
        {say.alarmDetail(alarm.kind, alarm.detail)}
      </p>
      <p className="dim">
        {[
          alarm.clearedAt === undefined ? '' : t('room.over', { time: clock(alarm.clearedAt) }),
          alarm.acknowledged ? t('room.acknowledgedBy', { by: alarm.acknowledged.by }) : '',
          alarm.assignedTo === undefined ? '' : t('room.assignedTo', { to: alarm.assignedTo }),
          suspended ? t('room.suspendedFor', { left: countdown((alarm.suspendedUntil ?? 0) - now) }) : '',
        ]
          .filter((part) => part !== '')
          .join(' · ')}
      </p>
      {alarm.comments.length > 0 && (
        <ul className="comments">
          {alarm.comments.map(({ at, by, text: said }) => (
            <li key={`${at}${by}`}>
              {clock(at)} {by}: {said}
            </li>
          ))}
        </ul>
      )}
      {may && (
        <div className="row">
          {!alarm.acknowledged && (
            <button className="primary" disabled={act.busy} onClick={() => handle({ kind: 'acknowledge' })}>
              {t('room.acknowledge')}
            </button>
          )}
          <details>
            <summary>{t('room.more')}</summary>
            <label>
              {t('room.note')}
              <input value={text} maxLength={200} onChange={(event) => setText(event.target.value)} />
            </label>
            <div className="row">
              <button disabled={act.busy || text.trim() === ''} onClick={() => handle({ kind: 'comment', text: text.trim() })}>
                {t('room.comment')}
              </button>
              {suspended ? (
                <button disabled={act.busy} onClick={() => handle({ kind: 'resume' })}>
                  {t('room.resume')}
                </button>
              ) : (
                <button
                  disabled={act.busy || text.trim() === ''}
                  onClick={() => handle({ kind: 'suspend', durationMs: 30 * 60_000, reason: text.trim() })}
                >
                  {t('room.suspend')}
                </button>
              )}
              <button disabled={act.busy || text.trim() === ''} onClick={() => handle({ kind: 'assign', to: text.trim() })}>
                {t('room.assign')}
              </button>
            </div>
          </details>
        </div>
      )}
      <Fault says={act.fault} />
    </li>
  );
};

export const Alarms = ({ me, room, onSelect }: { readonly me: Me; readonly room: RoomView; readonly onSelect: (id: string) => void }) => {
  const { t } = useTranslation();
  const now = useNow(room.skewMs);
  const alarms = sortAlarms(room.state?.alarms ?? [], now);
  return (
    <section aria-labelledby="alarms">
      <h2 id="alarms">{t('room.alarms')}</h2>
      {alarms.length === 0 && <p className="dim">{t('room.noAlarms')}</p>}
      <ul className="alarms">
        {alarms.map((alarm) => (
          <Row key={alarm.id} {...{ alarm, me, now, onSelect }} />
        ))}
      </ul>
    </section>
  );
};
