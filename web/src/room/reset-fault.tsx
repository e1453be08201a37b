import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { resetFault } from '../live/api.ts';
import { useAct } from './use-act.ts';

/** Clears the cabinet's latched fault; the maintainer answers for it. */
export const ResetFault = ({ junction }: { readonly junction: string }) => {
  const { t } = useTranslation();
  const act = useAct();
  const [reason, setReason] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        act.run(() => resetFault(junction, reason.trim()));
      }}
    >
      <label>
        {t('room.reason')}
        <input required maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      <button type="submit" className="danger" disabled={act.busy}>
        {t('room.resetFault')}
      </button>
      <p role="alert" className="fault">
        {act.fault}
      </p>
    </form>
  );
};
