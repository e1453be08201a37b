export interface ServingWatch {
  /** Undefined until the first answer, or the first silence. */
  readonly isUp: () => boolean | undefined;
  readonly stop: () => void;
}

/**
 * Asks again and again, one question at a time, beside everything else: who is stopped must not delay what is known of others. `ask` itself decides how
 * long a silence counts as down.
 */
export const watchServing = (ask: () => Promise<boolean>, everyMs: number): ServingWatch => {
  let isUp: boolean | undefined;
  let isStopped = false;
  let next: NodeJS.Timeout | undefined;
  const round = async (): Promise<void> => {
    isUp = await ask();
    if (!isStopped) next = setTimeout(() => void round(), everyMs);
  };
  void round();
  return {
    isUp: () => isUp,
    stop: () => {
      isStopped = true;
      clearTimeout(next);
    },
  };
};
