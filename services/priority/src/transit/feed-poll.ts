/** Fetches a feed every `everyMs` of wall time until stopped; what goes wrong is told, and the next turn tries again. */
export const pollFeed = (
  url: string,
  everyMs: number,
  on: { readonly feed: (bytes: Uint8Array) => void; readonly failed: (why: string) => void },
): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const turn = async (): Promise<void> => {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(Math.max(1000, everyMs)) });
      if (response.ok) on.feed(new Uint8Array(await response.arrayBuffer()));
      else on.failed(`${url}: HTTP ${String(response.status)}`);
    } catch (error) {
      on.failed(`${url}: ${(error as Error).message}`);
    }
    if (!stopped) timer = setTimeout(() => void turn(), everyMs);
  };
  void turn();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
};
