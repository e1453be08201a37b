import type { Deed, Me } from '@songxanh/wire/room';
import { useCallback, useEffect, useState } from 'react';
import { getSession } from '../live/api.ts';
import type { RoomFeed } from '../room/room-feed.ts';

export interface Session {
  readonly me: Me | undefined;
  readonly hasAccounts: boolean;
  /** The city's identity provider, where it may be used. */
  readonly provider: string | undefined;
  readonly refresh: () => void;
}

/** Who is signed in; the room's feed is open as long as somebody is. */
export const useSession = (feed: RoomFeed): Session => {
  const [me, setMe] = useState<Me>();
  const [hasAccounts, setHasAccounts] = useState(true);
  const [provider, setProvider] = useState<string>();
  const refresh = useCallback(
    (): void =>
      void getSession().then(
        (answer) => {
          setHasAccounts(answer.hasAccounts);
          setProvider(answer.provider);
          setMe((before) => (before?.name === answer.me?.name && before?.until === answer.me?.until ? before : (answer.me ?? undefined)));
        },
        () => undefined,
      ),
    [],
  );
  useEffect(refresh, [refresh]);
  const name = me?.name;
  useEffect(() => {
    if (name === undefined) return;
    feed.open(refresh);
    return () => feed.close();
  }, [name, feed, refresh]);
  return { me, hasAccounts, provider, refresh };
};

/** May the person do this at all these junctions? The gateway judges by itself; this only spares a click. */
export const mayHere = (me: Me | undefined, deed: Deed, ...junctions: readonly string[]): boolean =>
  me !== undefined && me.may.includes(deed) && (me.area.includes('*') || junctions.every((junction) => me.area.includes(junction)));
