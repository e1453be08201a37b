import type { AfterAction, Me, Playbook, PlaybookRun } from '@songxanh/wire/room';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { endRun, getRunReport, listPlaybooks, settleStep, startPlaybook } from '../live/api.ts';
import type { RoomView } from './room-feed.ts';
import { useSay } from './say.ts';
import { useAct } from './use-act.ts';
import { countdown, useNow } from './use-now.ts';
import { Fault } from './fault.tsx';

const useWords = () => {
  const { i18n } = useTranslation();
  return ({ en, vi }: { readonly en: string; readonly vi: string }): string => (i18n.language === 'vi' ? vi : en);
};

const Report = ({ run }: { readonly run: PlaybookRun }) => {
  const { t } = useTranslation();
  const words = useWords();
  const say = useSay();
  const [report, setReport] = useState<AfterAction>();
  useEffect(() => {
    let gone = false;
    getRunReport(run.id).then(
      (found) => gone || setReport(found),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [run]);
  if (!report) return null;
  return (
    <>
      <p>
        {t('room.reportSummary', { done: report.done, late: report.late, missed: report.missed, lasted: countdown(report.lastedS * 1000) })}
      </p>
      <table className="report">
        <thead>
          <tr>
            <th scope="col">{t('room.step')}</th>
            <th scope="col">{t('room.due')}</th>
            <th scope="col">{t('room.took')}</th>
          </tr>
        </thead>
        <tbody>
          {report.steps.map((step, k) => (
            <tr key={k} className={step.late ? 'late' : ''}>
              <td>
                {words(step.title)}
                <div className="dim">{[step.note ?? '', say.phrases(step.effect ?? [])].filter(Boolean).join(' · ')}</div>
              </td>
              <td className="number">{countdown(step.dueS * 1000)}</td>
              <td className="number">
                {step.tookS === undefined ? t(`room.stepState.${step.state}`) : `${countdown(step.tookS * 1000)} ${step.by ?? ''}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
};

const Run = ({
  run,
  playbook,
  me,
  room,
}: {
  readonly run: PlaybookRun;
  readonly playbook: Playbook;
  readonly me: Me;
  readonly room: RoomView;
}) => {
  const { t } = useTranslation();
  const words = useWords();
  const say = useSay();
  const now = useNow(room.skewMs);
  const act = useAct();
  const [note, setNote] = useState('');
  const ended = run.endedAt !== undefined;
  const may = me.may.includes(run.mode === 'drill' ? 'drill' : 'run-playbook');
  return (
    <article className={`run ${run.mode}`}>
      <h3>
        {words(playbook.title)} <span className={`chip ${run.mode === 'live' ? 'bad' : ''}`}>{t(`room.mode.${run.mode}`)}</span>
      </h3>
      {run.mode === 'drill' && !ended && <p className="dim">{t('room.drillHelp')}</p>}
      {ended ? (
        <Report run={run} />
      ) : (
        <>
          <ol className="steps">
            {playbook.steps.map((step, k) => {
              const settled = run.steps[k];
              const left = run.startedAt + step.deadlineS * 1000 - now;
              const isOpen = settled?.state === 'open';
              return (
                <li key={k} className={isOpen ? (left < 0 ? 'late' : '') : 'settled'}>
                  <span>
                    {words(step.title)} <span className="chip">{t(`room.roles.${step.actor}`)}</span>
                    {step.signals && (
                      <span className="chip warn">
                        {t(`room.actions.${step.signals.action.kind}`)} {step.signals.junctions.map(say.junction).join(', ')}
                      </span>
                    )}
                    {settled && (
                      <span className="dim"> {[settled.note ?? '', say.phrases(settled.effect ?? [])].filter(Boolean).join(' · ')}</span>
                    )}
                  </span>{' '}
                  {isOpen ? (
                    <span className="row">
                      <span className="number">{left < 0 ? t('room.lateBy', { time: countdown(-left) }) : countdown(left)}</span>
                      {may && (
                        <>
                          <button
                            className="primary"
                            disabled={act.busy || (run.mode === 'live' && step.actor !== me.role)}
                            onClick={() =>
                              act.run(
                                () => settleStep(run.id, k, 'done', note),
                                () => setNote(''),
                              )
                            }
                          >
                            {t('room.done')}
                          </button>
                          <button
                            disabled={act.busy || note.trim() === '' || (run.mode === 'live' && step.actor !== me.role)}
                            title={t('room.skipNeedsNote')}
                            onClick={() =>
                              act.run(
                                () => settleStep(run.id, k, 'skipped', note.trim()),
                                () => setNote(''),
                              )
                            }
                          >
                            {t('room.skip')}
                          </button>
                        </>
                      )}
                    </span>
                  ) : (
                    <span className="number">
                      {t(`room.stepState.${settled?.state ?? 'open'}`)} {settled?.by}
                    </span>
                  )}
                </li>
              );
            })}
          </ol>
          <p className="dim">
            {t('room.endWhen')}: {words(playbook.end)}
          </p>
          {may && (
            <>
              <label>
                {t('room.note')}
                <input value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} />
              </label>
              <button disabled={act.busy} onClick={() => act.run(() => endRun(run.id))}>
                {t('room.endRun')}
              </button>
            </>
          )}
          <Fault says={act.fault} />
        </>
      )}
    </article>
  );
};

/** The operations centre's scripts: to start, to follow, to look back on. */
export const Playbooks = ({ me, room }: { readonly me: Me; readonly room: RoomView }) => {
  const { t } = useTranslation();
  const words = useWords();
  const act = useAct();
  const [playbooks, setPlaybooks] = useState<readonly Playbook[]>([]);
  useEffect(() => {
    listPlaybooks().then(setPlaybooks, () => undefined);
  }, []);
  const runs = room.state?.runs ?? [];
  return (
    <section aria-labelledby="playbooks">
      <h2 id="playbooks">{t('room.playbooks')}</h2>
      {playbooks.length === 0 && <p className="dim">{t('room.noPlaybooks')}</p>}
      {runs.map((run) => {
        const playbook = playbooks.find(({ id }) => id === run.playbook);
        return playbook && <Run key={run.id} {...{ run, playbook, me, room }} />;
      })}
      <ul className="playbooks">
        {playbooks.map((playbook) => (
          <li key={playbook.id}>
            <h3>
              {words(playbook.title)}{' '}
              <span className={`chip ${playbook.class === 'emergency' ? 'bad' : playbook.class === 'special' ? 'warn' : ''}`}>
                {t(`room.class.${playbook.class}`)}
              </span>
              {room.state?.suggested.includes(playbook.id) && <span className="chip bad">{t('room.suggested')}</span>}
            </h3>
            <p className="dim">
              {playbook.triggers
                .map(({ metric, above, forS }) => t(`room.trigger.${metric}`, { above, minutes: Math.round(forS / 60) }))
                .join(' · ') || t('room.byHand')}{' '}
              {playbook.contacts.length > 0 && `· ${t('room.call')} ${playbook.contacts.join(', ')}`}
            </p>
            <div className="row">
              {me.may.includes('drill') && (
                <button disabled={act.busy} onClick={() => act.run(() => startPlaybook(playbook.id, 'drill'))}>
                  {t('room.startDrill')}
                </button>
              )}
              {me.may.includes('run-playbook') && (
                <button className="danger" disabled={act.busy} onClick={() => act.run(() => startPlaybook(playbook.id, 'live'))}>
                  {t('room.startLive')}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
      <Fault says={act.fault} />
    </section>
  );
};
