import type { Me, Proposal } from '@songxanh/wire/room';
import { useTranslation } from 'react-i18next';
import { confirmCommand, rejectCommand } from '../live/api.ts';
import { mayHere } from '../session/use-session.ts';
import type { RoomView } from './room-feed.ts';
import { useSay } from './say.ts';
import { useAct } from './use-act.ts';
import { countdown, useNow } from './use-now.ts';

/** Commands that wait for a second person: whoever may confirm sees them wherever they look. */
export const Proposals = ({ me, room }: { readonly me: Me; readonly room: RoomView }) => {
  const { t } = useTranslation();
  const act = useAct();
  const say = useSay();
  const now = useNow(room.skewMs);
  const orderOf = ({ action, junctions }: Proposal): string =>
    say.order(action.kind, action.kind === 'stage' ? action.stage : action.kind === 'plan' ? action.name : undefined, junctions[0]);
  const proposals = room.state?.proposals ?? [];
  if (proposals.length === 0) return null;
  return (
    <div className="proposals" role="alert">
      {proposals.map((one) => (
        <div key={one.id} className="row">
          <span>
            {t('room.asks', { by: one.by, action: orderOf(one), junctions: one.junctions.map(say.junction).join(', ') })} {one.reason} (
            {countdown(one.expires - now)})
          </span>
          {one.by !== me.name && mayHere(me, 'command', ...one.junctions) && (
            <>
              <button className="primary" disabled={act.busy} onClick={() => act.run(() => confirmCommand(one.id))}>
                {t('room.confirm')}
              </button>
              <button disabled={act.busy} onClick={() => act.run(() => rejectCommand(one.id))}>
                {t('room.reject')}
              </button>
            </>
          )}
        </div>
      ))}
      <span className="fault">{act.fault}</span>
    </div>
  );
};
