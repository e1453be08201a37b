/** Does the tasks in order, `width` of them at a time. */
export const inParallel = async <T>(tasks: readonly T[], width: number, run: (task: T) => Promise<void>): Promise<void> => {
  const waiting = [...tasks];
  const hand = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await run(task);
  };
  await Promise.all(Array.from({ length: width }, hand));
};
