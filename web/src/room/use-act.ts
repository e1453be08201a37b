import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refused } from '../live/api.ts';

export interface Act {
  /** What the gateway refused, '' when nothing. */
  readonly fault: string;
  readonly busy: boolean;
  readonly run: <T>(deed: () => Promise<T>, then?: (value: T) => void) => void;
  readonly clear: () => void;
}

/** One thing at a time, and what was refused is said where it was asked. */
export const useAct = (): Act => {
  const { t } = useTranslation();
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  return {
    fault,
    busy,
    run: (deed, then) => {
      setBusy(true);
      setFault('');
      deed().then(
        (value) => {
          setBusy(false);
          then?.(value);
        },
        (error: unknown) => {
          setBusy(false);
          const { message } = error as Error;
          setFault(error instanceof Refused && error.reason ? t(`room.refused.${error.reason}`, { defaultValue: message }) : message);
        },
      );
    },
    clear: () => setFault(''),
  };
};
