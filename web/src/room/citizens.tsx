import type { JunctionSummary } from '@songxanh/wire/live';
import type { CitizenReport, Me } from '@songxanh/wire/room';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { announceWorks, answerReport, withdrawWorks } from '../live/api.ts';
import { mayHere } from '../session/use-session.ts';
import type { RoomView } from './room-feed.ts';
import { useSay } from './say.ts';
import { useAct } from './use-act.ts';
import { Fault } from './fault.tsx';

const STATES = ['received', 'in-work', 'solved', 'not-ours'] as const;

const Answer = ({ report }: { readonly report: CitizenReport }) => {
  const { t } = useTranslation();
  const act = useAct();
  const [answer, setAnswer] = useState(report.answer);
  const [state, setState] = useState(report.state);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        act.run(() => answerReport(report.code, state, answer));
      }}
    >
      <label>
        {t('room.answer')}
        <textarea value={answer} maxLength={1000} rows={2} onChange={(event) => setAnswer(event.target.value)} />
      </label>
      <div className="row">
        <select aria-label={t('room.state')} value={state} onChange={(event) => setState(event.target.value as CitizenReport['state'])}>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {t(`room.reportState.${one}`)}
            </option>
          ))}
        </select>
        <button type="submit" disabled={act.busy}>
          {t('room.send')}
        </button>
      </div>
      <Fault says={act.fault} />
    </form>
  );
};

const NewWorks = ({ junctions }: { readonly junctions: readonly JunctionSummary[] }) => {
  const { t } = useTranslation();
  const [at, setAt] = useState(junctions[0]?.id ?? '');
  const roads = junctions.find(({ id }) => id === at)?.roads ?? [];
  const act = useAct();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const fields = new FormData(form);
        const field = (name: string): string => fields.get(name) as string;
        const works = {
          junction: field('junction'),
          text: field('text'),
          closes: fields.getAll('closes') as string[],
          from: new Date(field('from')).getTime(),
          to: new Date(field('to')).getTime(),
        };
        act.run(
          () => announceWorks(works),
          () => form.reset(),
        );
      }}
    >
      <label>
        {t('room.junction')}
        <select name="junction" value={at} onChange={(event) => setAt(event.target.value)}>
          {junctions.map(({ id, name }) => (
            <option key={id} value={id}>
              {name || id}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('room.what')}
        <input name="text" required maxLength={300} />
      </label>
      {roads.length > 0 && (
        <fieldset key={at} className="roads">
          <legend>{t('room.closes')}</legend>
          {roads.map(({ edge, arm, way, name }) => (
            <label key={edge}>
              <input type="checkbox" name="closes" value={edge} /> {name} {t(`room.road.${way}`, { arm: t(`arm.${arm}`) })}
            </label>
          ))}
        </fieldset>
      )}
      <div className="row">
        <label>
          {t('room.from')}
          <input name="from" type="datetime-local" required />
        </label>
        <label>
          {t('room.to')}
          <input name="to" type="datetime-local" required />
        </label>
      </div>
      <button type="submit" disabled={act.busy}>
        {t('room.announce')}
      </button>
      <Fault says={act.fault} />
    </form>
  );
};

/** What citizens say, and what they are told. */
export const Citizens = ({
  me,
  room,
  junctions,
}: {
  readonly me: Me;
  readonly room: RoomView;
  readonly junctions: readonly JunctionSummary[];
}) => {
  const { t, i18n } = useTranslation();
  const act = useAct();
  const say = useSay();
  const when = (at: number): string => new Date(at).toLocaleString(i18n.language, { dateStyle: 'short', timeStyle: 'short' });
  const reports = room.state?.reports ?? [];
  const works = room.state?.works ?? [];
  return (
    <section aria-labelledby="citizens">
      <h2 id="citizens">{t('room.citizens')}</h2>
      <h3>{t('room.reports')}</h3>
      {reports.length === 0 && <p className="dim">{t('room.noReports')}</p>}
      <ul className="reports">
        {reports.map((report) => (
          <li key={`${report.code}${report.changedAt}`}>
            <p>
              <b>{t(`room.reportKind.${report.kind}`)}</b> · {say.junction(report.junction)} · {when(report.at)}{' '}
              <span className={`chip ${report.state === 'solved' ? 'good' : 'warn'}`}>{t(`room.reportState.${report.state}`)}</span>
            </p>
            <p>{report.text}</p>
            {mayHere(me, 'answer-reports', report.junction) ? <Answer report={report} /> : <p className="dim">{report.answer}</p>}
          </li>
        ))}
      </ul>
      <h3>{t('room.works')}</h3>
      {works.length === 0 && <p className="dim">{t('room.noWorks')}</p>}
      <ul>
        {works.map((one) => (
          <li key={one.id}>
            {(one.closes ?? []).length > 0 && <span className="chip bad">{t('room.closure')}</span>} {say.junction(one.junction)}:{' '}
            {one.text} <span className="dim">{`${when(one.from)} – ${when(one.to)}`}</span>{' '}
            {mayHere(me, 'announce-works', one.junction) && (
              <button disabled={act.busy} onClick={() => act.run(() => withdrawWorks(one.id))}>
                {t('room.withdraw')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {me.may.includes('announce-works') && <NewWorks junctions={junctions} />}
    </section>
  );
};
