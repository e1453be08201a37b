import type { JunctionSummary, OverrideView } from '@songxanh/wire/live';
import type { CommandAction, JunctionLock, Me, PreviewView } from '@songxanh/wire/room';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icon.tsx';
import { wordsOf } from '../junction/words.ts';
import { command, preview, releaseLocks, takeLocks } from '../live/api.ts';
import { mayHere } from '../session/use-session.ts';
import type { RoomView } from './room-feed.ts';
import { useSay } from './say.ts';
import { useAct } from './use-act.ts';
import { countdown, useNow } from './use-now.ts';
import { Fault } from './fault.tsx';
import { QueuePreview } from './queue-preview.tsx';

interface Props {
  readonly junctions: readonly JunctionSummary[];
  readonly me: Me;
  readonly room: RoomView;
  /** Street time. */
  readonly time: (at: number) => string;
}

const MINUTES = [5, 15, 30, 60, 120] as const;
/** A group's previews beyond this many would take longer than the decision. */
const PREVIEWED = 8;
/** Whoever reads a preview for long shall read what is true now. */
const PREVIEW_AGAIN_MS = 2000;

const nameOf = (junction: JunctionSummary): string => junction.name || junction.id;

/** The form that takes free junctions, or those of somebody of lower rank. */
const Take = ({ junctions, held }: { readonly junctions: readonly JunctionSummary[]; readonly held: readonly JunctionLock[] }) => {
  const { t } = useTranslation();
  const act = useAct();
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState(15);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        act.run(() =>
          takeLocks(
            junctions.map(({ id }) => id),
            reason.trim(),
            minutes * 60,
            held.length > 0,
          ),
        );
      }}
    >
      <label>
        {t('room.reason')}
        <input required maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} list="reasons" />
      </label>
      <datalist id="reasons">
        {(['accident', 'jam', 'convoy', 'event', 'flood', 'works', 'fault'] as const).map((key) => (
          <option key={key} value={t(`room.reasons.${key}`)} />
        ))}
      </datalist>
      <div className="row">
        <label>
          {t('room.for')}
          <select value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
            {MINUTES.map((n) => (
              <option key={n} value={n}>
                {t('room.minutes', { count: n })}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className={held.length > 0 ? 'danger' : 'primary'} disabled={act.busy}>
          {held.length > 0
            ? t('room.takeOver', { holder: held.map(({ holder }) => holder).join(', ') })
            : t('room.take', { count: junctions.length })}
        </button>
      </div>
      <Fault says={act.fault} />
    </form>
  );
};

interface Asked {
  readonly action: CommandAction;
  readonly label: string;
  readonly durationS: number;
  readonly previews: readonly PreviewView[];
  /** The first previews of this order: they are read out, what changes by the second is not. */
  readonly isNew: boolean;
}

/** What the order would do, before it is given. */
const Confirm = ({
  asked,
  junctions,
  twoPerson,
  busy,
  onGive,
  onCancel,
  time,
}: {
  readonly asked: Asked;
  readonly junctions: readonly JunctionSummary[];
  readonly twoPerson: boolean;
  readonly busy: boolean;
  readonly onGive: () => void;
  readonly onCancel: () => void;
  readonly time: Props['time'];
}) => {
  const { t } = useTranslation();
  const give = useRef<HTMLButtonElement>(null);
  useEffect(() => give.current?.focus(), []);
  const say = ({ junction, at, reached, stages, heldBy }: PreviewView): string => {
    const summary = junctions.find(({ id }) => id === junction);
    const { stage, group } = wordsOf(summary ?? junctions[0]!, t);
    const last = heldBy.reduce<PreviewView['heldBy'][number] | undefined>(
      (latest, one) => (latest && latest.at >= one.at ? latest : one),
      undefined,
    );
    const promise =
      last && (reached === null || reached > at + 1000) ? ` ${t('room.heldBy', { group: group(last.group), time: time(last.at) })}` : '';
    if (asked.action.kind === 'release')
      return t('room.previewRelease', {
        stages: stages
          .slice(0, 3)
          .map((s) => stage(s.stage))
          .join(' → '),
      });
    if (asked.action.kind === 'hold') return t('room.previewHold', { stage: stage(stages.at(-1)?.stage ?? '') }) + promise;
    // A stage of a group has its own turns at each junction.
    const which = asked.action.kind === 'stage' && junctions.length > 1 ? `${stage(asked.action.stage)}. ` : '';
    if (reached === null) return which + t('room.previewNever') + promise;
    return which + t('room.previewAt', { seconds: Math.round((reached - at) / 1000), time: time(reached) }) + promise;
  };
  return (
    <div
      className="confirm"
      role="group"
      aria-label={t('room.preview')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
      }}
    >
      <h4>
        {t('room.preview')}: {asked.label}
      </h4>
      <ul aria-live={asked.isNew ? 'polite' : 'off'}>
        {asked.previews.map((one) => (
          <li key={one.junction}>
            {junctions.length > 1 && <b>{nameOf(junctions.find(({ id }) => id === one.junction) ?? junctions[0]!)}: </b>}
            {say(one)}
            <QueuePreview
              junction={junctions.find(({ id }) => id === one.junction) ?? junctions[0]!}
              action={asked.action}
              durationS={asked.durationS}
            />
          </li>
        ))}
        {junctions.length > asked.previews.length && (
          <li className="dim">{t('room.andMore', { count: junctions.length - asked.previews.length })}</li>
        )}
      </ul>
      {twoPerson && <p className="dim">{t('room.needsSecond')}</p>}
      <div className="row">
        <button ref={give} className="primary" disabled={busy} onClick={onGive}>
          {t(twoPerson ? 'room.ask' : 'room.give')}
        </button>
        <button onClick={onCancel}>{t('room.cancel')}</button>
      </div>
    </div>
  );
};

/** What may be ordered of junctions that one holds. */
const Orders = ({ junctions, room, until, reason, time }: Omit<Props, 'me'> & { readonly until: number; readonly reason: string }) => {
  const { t } = useTranslation();
  const act = useAct();
  const now = useNow(room.skewMs);
  const [asked, setAsked] = useState<Asked>();
  const ids = junctions.map(({ id }) => id);
  const [first] = junctions;
  const planName = (name: string): string => t(`planName.${name}`, { defaultValue: name });
  const plans = (first?.plans ?? []).filter((plan) => junctions.every((junction) => junction.plans.includes(plan)));
  // What all of them have; where its words are not the same everywhere, by the name it has in the plans.
  const stages = (first?.stages ?? []).flatMap(({ id, name }) => {
    const words = junctions.map((junction) =>
      junction.stages.some((stage) => stage.id === id) ? wordsOf(junction, t).stage(id) : undefined,
    );
    if (words.includes(undefined)) return [];
    return [{ id, label: new Set(words).size === 1 ? (words[0] ?? id) : name }];
  });
  const durationS = Math.max(1, Math.min(14_400, Math.floor((until - now) / 1000)));
  const durationRef = useRef(durationS);
  durationRef.current = durationS;
  const ask = (action: CommandAction, label: string): void =>
    act.run(
      () => Promise.all(ids.slice(0, PREVIEWED).map((id) => preview(id, action, durationS))),
      (previews) => setAsked({ action, label, durationS, previews, isNew: true }),
    );
  const asking = asked?.action;
  const askedOf = ids.slice(0, PREVIEWED).join();
  useEffect(() => {
    if (asking === undefined) return;
    const again = (): void =>
      void Promise.all(askedOf.split(',').map((id) => preview(id, asking, durationRef.current))).then(
        (previews) => setAsked((before) => (before?.action === asking ? { ...before, previews, isNew: false } : before)),
        () => undefined,
      );
    const timer = setInterval(again, PREVIEW_AGAIN_MS);
    return () => clearInterval(timer);
  }, [asking, askedOf]);
  const simple = (kind: 'hold' | 'advance' | 'all-red' | 'flash' | 'release', className = '') => (
    <button key={kind} className={className} disabled={act.busy} onClick={() => ask({ kind }, t(`room.actions.${kind}`))}>
      {t(`room.actions.${kind}`)}
    </button>
  );
  if (asked)
    return (
      <>
        <Confirm
          {...{ asked, junctions, time }}
          twoPerson={room.state?.twoPerson.includes(asked.action.kind) ?? false}
          busy={act.busy}
          onCancel={() => setAsked(undefined)}
          onGive={() =>
            act.run(
              () => command({ junctions: ids, action: asked.action, reason, durationS }),
              () => setAsked(undefined),
            )
          }
        />
        <Fault says={act.fault} />
      </>
    );
  return (
    <div className="orders">
      <div className="buttons">
        {simple('hold')}
        {simple('advance')}
        {simple('all-red', 'danger')}
        {simple('flash', 'danger')}
        {simple('release')}
      </div>
      {stages.length > 0 && (
        <fieldset>
          <legend>{t('room.forceStage')}</legend>
          <div className="buttons">
            {stages.slice(0, 12).map(({ id, label }) => (
              <button key={id} disabled={act.busy} onClick={() => ask({ kind: 'stage', stage: id }, label)}>
                {label}
              </button>
            ))}
          </div>
        </fieldset>
      )}
      {plans.length > 0 && (
        <fieldset>
          <legend>{t('room.choosePlan')}</legend>
          <div className="buttons">
            {plans.map((name) => (
              <button key={name} disabled={act.busy} onClick={() => ask({ kind: 'plan', name }, planName(name))}>
                {planName(name)}
              </button>
            ))}
          </div>
        </fieldset>
      )}
      <Fault says={act.fault} />
    </div>
  );
};

/** Everything a person may do to take charge of one junction or a group, and what is in force there. */
export const TakeOver = ({ junctions, me, room, time }: Props) => {
  const { t } = useTranslation();
  const now = useNow(room.skewMs);
  const act = useAct();
  const ids = junctions.map(({ id }) => id);
  const locks = (room.state?.locks ?? []).filter(({ junction }) => ids.includes(junction));
  const mine = locks.filter(({ holder }) => holder === me.name);
  const others = locks.filter(({ holder }) => holder !== me.name);
  const overrides: readonly OverrideView[] = (room.state?.overrides ?? []).filter(({ junction }) => ids.includes(junction));
  const allMine = ids.length > 0 && mine.length === ids.length;
  const until = Math.min(...mine.map(({ expires }) => expires));
  const say = useSay();
  const wordsFor = ({ action, junction }: OverrideView): string =>
    say.order(action.kind, action.kind === 'stage' ? action.stage : action.kind === 'plan' ? action.name : undefined, junction);
  return (
    <section className="take-over" aria-labelledby="take-over">
      <h3 id="take-over">{t('room.control')}</h3>
      {overrides.length > 0 && (
        <ul className="in-force">
          {overrides.map((one) => (
            <li key={one.id}>
              <b>{wordsFor(one)}</b>
              {junctions.length > 1 && ` · ${say.junction(one.junction)}`} · {one.by} · {one.reason} ·{' '}
              {t('room.until', { time: time(one.expires) })}
            </li>
          ))}
        </ul>
      )}
      {others.map((lock) => (
        <p key={lock.junction} className="held">
          <Icon name="lock" /> {junctions.length > 1 && `${say.junction(lock.junction)}: `}
          {t('room.heldByOther', { holder: lock.holder, role: t(`room.roles.${lock.role}`), left: countdown(lock.expires - now) })}
          <span className="dim"> {lock.reason}</span>
        </p>
      ))}
      {allMine ? (
        <>
          <div className="held mine">
            <span>
              <Icon name="key" /> {t('room.yours', { left: countdown(until - now) })} <span className="dim">{mine[0]?.reason}</span>
            </span>
            <span className="row">
              <button disabled={act.busy} onClick={() => act.run(() => takeLocks(ids, mine[0]?.reason ?? '', 15 * 60, false))}>
                {t('room.extend')}
              </button>
              <button disabled={act.busy} onClick={() => act.run(() => releaseLocks(ids))}>
                {t('room.giveBack')}
              </button>
            </span>
          </div>
          {until - now < 60_000 && (
            <p role="alert" className="fault">
              {t('room.endsSoon')}
            </p>
          )}
          <Orders {...{ junctions, room, time, until }} reason={mine[0]?.reason ?? ''} />
          <Fault says={act.fault} />
          {room.state?.lostHolder.then === 'end' && (
            <p className="dim">{t('room.lostHolder', { seconds: Math.round(room.state.lostHolder.afterMs / 1000) })}</p>
          )}
        </>
      ) : !mayHere(me, 'command', ...ids) ? (
        <p className="dim">{t(me.may.includes('command') ? 'room.outsideArea' : 'room.onlyLook', { role: t(`room.roles.${me.role}`) })}</p>
      ) : others.length === 0 || mayHere(me, 'take-over', ...ids) ? (
        <Take junctions={junctions} held={others} />
      ) : null}
    </section>
  );
};
