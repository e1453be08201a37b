import { useState } from 'react';

export interface Act {
  /** What the gateway refused, '' when nothing. */
  readonly fault: string;
  readonly busy: boolean;
  readonly run: <T>(deed: () => Promise<T>, then?: (value: T) => void) => void;
  readonly clear: () => void;
}

/** One thing at a time, and what was refused is said where it was asked. */
export const useAct = (): Act => {
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
          setFault((error as Error).message);
        },
      );
    },
    clear: () => setFault(''),
  };
};
