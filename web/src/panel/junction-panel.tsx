import type { JunctionDetail, JunctionSummary } from '@songxanh/wire/live';
import { useEffect, useMemo, useState } from 'react';
import type { Me } from '@songxanh/wire/room';
import type { FeatureCollection } from 'geojson';
import { useTranslation } from 'react-i18next';
import { JunctionPlan } from '../junction/junction-plan.tsx';
import { wordsOf } from '../junction/words.ts';
import { getJunction } from '../live/api.ts';
import type { PageState } from '../live/live-state.ts';
import { Decision } from './decision.tsx';
import { Journal } from '../room/journal.tsx';
import { ResetFault } from '../room/reset-fault.tsx';
import type { RoomView } from '../room/room-feed.ts';
import { TakeOver } from '../room/take-over.tsx';
import { mayHere } from '../session/use-session.ts';
import { Lamp } from './lamp.tsx';
import { LastDecisions } from './last-decisions.tsx';
import { PlanBar } from './plan-bar.tsx';
import { ServiceHere } from './service-here.tsx';

const POLL_MS = 1000;

/** The present detail; the past has only what was recorded. */
const useDetail = (id: string, past: boolean): JunctionDetail | undefined => {
  const [detail, setDetail] = useState<JunctionDetail>();
  useEffect(() => {
    if (past) return;
    let gone = false;
    const poll = (): void =>
      void getJunction(id).then(
        (d) => gone || setDetail(d),
        () => undefined,
      );
    poll();
    const timer = setInterval(poll, POLL_MS);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [id, past]);
  return detail?.id === id && !past ? detail : undefined;
};

const Detectors = ({ junction, letters }: { readonly junction: JunctionSummary; readonly letters: string }) => {
  const { t } = useTranslation();
  const bad = junction.detectors
    .map((detector, k) => ({ detector, letter: letters[k] ?? '0' }))
    .filter(({ letter }) => 'sSxX'.includes(letter));
  return (
    <section aria-labelledby="detectors">
      <h3 id="detectors">{t('detectors')}</h3>
      {bad.length === 0 ? (
        <p className="dim">{t('detectorsGood', { count: junction.detectors.length })}</p>
      ) : (
        <ul>
          {bad.map(({ detector, letter }) => (
            <li key={detector.id}>
              <code>{detector.id}</code>{' '}
              <span className={`chip ${'xX'.includes(letter) ? 'bad' : 'warn'}`}>{t('xX'.includes(letter) ? 'failed' : 'suspect')}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
};

interface Props {
  readonly junction: JunctionSummary;
  readonly network: FeatureCollection;
  readonly state: PageState;
  readonly time: (at: number) => string;
  /** Who looks, in the live room; undefined without a session and in the past. */
  readonly me: Me | undefined;
  readonly room: RoomView;
  /** A recorded moment is shown. */
  readonly past: boolean;
  readonly onClose: () => void;
}

export const JunctionPanel = ({ junction, network, state, time, me, room, past, onClose }: Props) => {
  const { t } = useTranslation();
  const detail = useDetail(junction.id, past);
  const signals = state.signals[junction.id];
  const words = useMemo(() => wordsOf(junction, t), [junction, t]);
  const decision = state.decisions.findLast((d) => d.junction === junction.id) ?? detail?.decisions[0];
  return (
    <article aria-labelledby="junction-name">
      <button className="back" onClick={onClose}>
        ← {t('back')}
      </button>
      <h2 id="junction-name">{junction.name || junction.id}</h2>
      {signals && (
        <>
          <dl className="facts">
            <dt>{t('inCharge')}</dt>
            <dd>
              <span className={`chip ${signals.source === 'optimizer' ? 'good' : 'warn'}`}>{t(`source.${signals.source}`)}</span>{' '}
              <span className="dim">{t(`room.why.${signals.why}`, { defaultValue: signals.why })}</span>
            </dd>
            <dt>{t('stage')}</dt>
            <dd>
              {signals.stage === '' ? (
                '–'
              ) : (
                <>
                  {words.stage(signals.stage)} <span className="dim sign">{words.stageSign(signals.stage)}</span>
                </>
              )}
            </dd>
            <dt>{t('mode')}</dt>
            <dd>{t(`modes.${signals.mode}`)}</dd>
            <dt>{t('longestWait')}</dt>
            <dd>{t('seconds', { value: Math.round(signals.worstWaitS) })}</dd>
          </dl>
          {me && <TakeOver junctions={[junction]} me={me} room={room} time={time} />}
          {signals.mode === 'fault-flash' && mayHere(me, 'reset-fault', junction.id) && <ResetFault junction={junction.id} />}
          <JunctionPlan network={network} junction={junction} signals={signals} detectors={state.detectors[junction.id] ?? ''} />
          <ServiceHere junction={junction} words={words} state={state} room={room} />
          {detail?.plan && (
            <section aria-labelledby="plan">
              <h3 id="plan">{t('plan')}</h3>
              <PlanBar plan={detail.plan} now={signals.at} words={words} stageOrder={junction.stages.map(({ id }) => id)} />
            </section>
          )}
          {decision ? <Decision decision={decision} words={words} time={time} /> : <p className="dim">{t('noDecision')}</p>}
          {detail && <LastDecisions decisions={detail.decisions} time={time} />}
          <section aria-labelledby="groups">
            <h3 id="groups">{t('groups')}</h3>
            <ul className="groups">
              {junction.groups.map((group, k) => (
                <li key={group.id}>
                  <Lamp letter={signals.lamps[k] ?? 'd'} />
                  <span className="group-name">{words.group(group.id)}</span>
                  <span className="dim">{t(`kind.${group.kind}`)}</span>
                  <span className="count">{signals.countdowns[k] ?? ''}</span>
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
      <Detectors junction={junction} letters={state.detectors[junction.id] ?? ''} />
      {me && <Journal room={room} junction={junction.id} />}
    </article>
  );
};
