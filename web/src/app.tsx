import type { JunctionSummary, ScenarioInfo } from '@songxanh/wire/live';
import type { EmergencyView, Works } from '@songxanh/wire/room';
import type { FeatureCollection } from 'geojson';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { HealthBanner } from './health-banner.tsx';
import { switchLanguage } from './i18n/index.ts';
import { Icon } from './icon.tsx';
import { KpiStrip } from './kpi-strip.tsx';
import { Legend } from './legend.tsx';
import { getNetwork, getScenario, listJunctions, listReplay, readSegment, signOut } from './live/api.ts';
import { calm } from './live/calm-feed.ts';
import { LiveFeed } from './live/live-feed.ts';
import { marksOf, NO_MARKS } from './map/marks.ts';
import { NetworkMap } from './map/network-map.tsx';
import { type LayerName, readHidden, storeHidden } from './map/shown-layers.ts';
import { JunctionList } from './panel/junction-list.tsx';
import { JunctionPanel } from './panel/junction-panel.tsx';
import { ReplayBar } from './replay/replay-bar.tsx';
import { ReplayFeed } from './replay/replay-feed.ts';
import { callsForSomebody } from './room/alarm-order.ts';
import { Alarms } from './room/alarms.tsx';
import { Citizens } from './room/citizens.tsx';
import { Journal } from './room/journal.tsx';
import { Playbooks } from './room/playbooks.tsx';
import { Proposals } from './room/proposals.tsx';
import { RoomFeed } from './room/room-feed.ts';
import { CityContext } from './room/say.ts';
import { TakeOver } from './room/take-over.tsx';
import { Transit } from './room/transit.tsx';
import { useAlarmSound } from './room/use-alarm-sound.ts';
import { SignIn } from './session/sign-in.tsx';
import { useSession } from './session/use-session.ts';

interface City {
  readonly scenario: ScenarioInfo;
  readonly network: FeatureCollection;
  readonly junctions: readonly JunctionSummary[];
}

const RETRY_MS = 2000;
const NO_WORKS: readonly Works[] = [];
const NO_EMERGENCIES: readonly EmergencyView[] = [];
const NO_JUNCTIONS: readonly JunctionSummary[] = [];
const liveFeed = new LiveFeed(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`);
const roomFeed = new RoomFeed();

const TABS = ['junctions', 'alarms', 'playbooks', 'transit', 'citizens', 'log'] as const;
type Tab = (typeof TABS)[number];

/** The city's unchanging parts; asked for again until the gateway has them. */
const useCity = (): City | undefined => {
  const [city, setCity] = useState<City>();
  useEffect(() => {
    if (city) return;
    let timer = 0;
    const load = (): void =>
      void Promise.all([getScenario(), getNetwork(), listJunctions()]).then(
        ([scenario, network, junctions]) => setCity({ scenario, network, junctions }),
        () => (timer = window.setTimeout(load, RETRY_MS)),
      );
    load();
    return () => window.clearTimeout(timer);
  }, [city]);
  return city;
};

interface Place {
  readonly junction: string | undefined;
  readonly tab: Tab;
}

/** What is looked at lives in the address, so that it can be shared. */
const usePlace = (): [Place, (place: Partial<Place>) => void] => {
  const read = (): Place => {
    const query = new URLSearchParams(location.search);
    return { junction: query.get('junction') ?? undefined, tab: TABS.find((tab) => tab === query.get('view')) ?? 'junctions' };
  };
  const [place, setPlace] = useState(read);
  useEffect(() => {
    const back = (): void => setPlace(read());
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, []);
  const go = useCallback((change: Partial<Place>): void => {
    const next = { ...read(), ...change };
    const query = new URLSearchParams();
    if (next.junction !== undefined) query.set('junction', next.junction);
    if (next.tab !== 'junctions') query.set('view', next.tab);
    history.pushState(null, '', query.size > 0 ? `?${query.toString()}` : location.pathname);
    setPlace(next);
  }, []);
  return [place, go];
};

const SOUND_KEY = 'songxanh.sound';

export const App = () => {
  const { t, i18n } = useTranslation();
  const city = useCity();
  const { me, hasAccounts, provider, refresh } = useSession(roomFeed);
  const room = useSyncExternalStore(roomFeed.subscribe, roomFeed.read);
  const [replay, setReplay] = useState<ReplayFeed>();
  const feed = replay ?? liveFeed;
  const text = useMemo(() => calm(feed), [feed]);
  const live = useSyncExternalStore(text.subscribe, text.read);
  const [place, go] = usePlace();
  const [refused, setRefused] = useState(() => new URLSearchParams(location.search).get('sign-in') ?? '');
  const [signingIn, setSigningIn] = useState(refused !== '');
  const [group, setGroup] = useState<ReadonlySet<string>>(new Set());
  const [hidden, setHidden] = useState(readHidden);
  const [focus, setFocus] = useState<{ readonly lon: number; readonly lat: number }>();
  const [sound, setSound] = useState(localStorage.getItem(SOUND_KEY) !== 'off');
  useAlarmSound(room, sound && me !== undefined);

  const junction = city?.junctions.find(({ id }) => id === place.junction);
  const select = useCallback((id: string | undefined): void => go({ junction: id, tab: 'junctions' }), [go]);
  const timeZone = city?.scenario.timeZone ?? 'UTC';
  const time = (at: number): string => new Date(at).toLocaleTimeString(i18n.language, { timeZone, hour12: false });
  const now = Date.now() + room.skewMs;
  const calling = (room.state?.alarms ?? []).filter((alarm) => callsForSomebody(alarm, now)).length;
  const grouped = city?.junctions.filter(({ id }) => group.has(id)) ?? [];
  const mayCommand = me?.may.includes('command') === true && replay === undefined;

  const marks = useMemo(() => marksOf(room.state), [room.state]);

  // Another view begins at its top.
  // In braces: browsers begin to return a promise from scrollTo, which React would take for the effect's end.
  useEffect(() => {
    document.getElementById('panel')?.scrollTo(0, 0);
  }, [place.junction, place.tab]);

  const hide = useCallback((layer: LayerName, isHidden: boolean): void => {
    setHidden((before) => {
      const next = new Set(isHidden ? [...before, layer] : [...before].filter((other) => other !== layer));
      storeHidden(next);
      return next;
    });
  }, []);
  const putInGroup = useCallback(
    (id: string, chosen: boolean): void =>
      setGroup((before) => new Set(chosen ? [...before, id] : [...before].filter((other) => other !== id))),
    [],
  );
  const openReplay = (): void =>
    void listReplay().then(
      (segments) => {
        const past = new ReplayFeed(segments, readSegment);
        setReplay(past);
        const last = segments.at(-1);
        if (last) void past.seek(last.from).then(() => past.play(true));
      },
      () => undefined,
    );
  const closeReplay = (): void => {
    replay?.close();
    setReplay(undefined);
  };

  const view = (city_: City) => {
    if (me && place.tab === 'alarms') return <Alarms me={me} room={room} onSelect={select} />;
    if (me && place.tab === 'playbooks') return <Playbooks me={me} room={room} />;
    if (me && place.tab === 'transit') return <Transit state={live.state} room={room} onFocus={setFocus} />;
    if (me && place.tab === 'citizens') return <Citizens me={me} room={room} junctions={city_.junctions} />;
    if (me && place.tab === 'log') return <Journal room={room} />;
    if (junction && live.state)
      return (
        <JunctionPanel
          key={junction.id}
          {...{ junction, time, room }}
          network={city_.network}
          state={live.state}
          me={replay ? undefined : me}
          past={replay !== undefined}
          onClose={() => select(undefined)}
        />
      );
    return (
      <>
        {me && mayCommand && grouped.length > 0 && (
          <div className="group">
            <h2>{t('room.group', { count: grouped.length })}</h2>
            <p className="dim">{grouped.map(({ id, name }) => name || id).join(', ')}</p>
            <TakeOver junctions={grouped} me={me} room={room} time={time} />
            <button onClick={() => setGroup(new Set())}>{t('room.clearGroup')}</button>
          </div>
        )}
        <JunctionList
          junctions={city_.junctions}
          state={live.state}
          onSelect={select}
          group={mayCommand ? group : undefined}
          onGroup={putInGroup}
          onStreet={(ids) => setGroup(new Set(ids))}
          locks={replay ? [] : (room.state?.locks ?? [])}
        />
      </>
    );
  };

  return (
    <CityContext value={city?.junctions ?? NO_JUNCTIONS}>
      <a className="skip" href="#panel">
        {t('skip')}
      </a>
      <header>
        <h1>
          <span className="wave" aria-hidden="true">
            ∿
          </span>{' '}
          SongXanh <small>{city?.scenario.title}</small>
        </h1>
        <KpiStrip state={live.state} />
        <div className="clock" role="timer" aria-label={t('streetTime')}>
          {live.state ? time(live.state.at) : '––:––'}
        </div>
        <div className="people">
          {me ? (
            <>
              <span>
                <b>{me.fullName}</b>
                <br />
                <span className="dim">{t(`room.roles.${me.role}`)}</span>
              </span>
              <button
                aria-pressed={sound}
                onClick={() => {
                  localStorage.setItem(SOUND_KEY, sound ? 'off' : 'on');
                  setSound(!sound);
                }}
              >
                <Icon name={sound ? 'bell' : 'silent'} /> <span className="hidden">{t('room.sound')}</span>
              </button>
              <button
                onClick={() =>
                  void signOut().then(({ endUrl }) => {
                    if (endUrl === null) refresh();
                    else location.href = endUrl;
                  })
                }
              >
                {t('room.signOut')}
              </button>
            </>
          ) : (
            <button className="primary" onClick={() => setSigningIn(true)}>
              {t('room.signIn')}
            </button>
          )}
          {!replay && <button onClick={openReplay}>{t('room.replay')}</button>}
          <button onClick={switchLanguage} lang={i18n.language === 'vi' ? 'en' : 'vi'}>
            {t('language')}
          </button>
        </div>
      </header>
      {replay ? <ReplayBar feed={replay} time={time} onClose={closeReplay} /> : <HealthBanner live={live} />}
      {me && room.connection === 'lost' && (
        <div role="alert" className="banner">
          ⚠ {t('room.roomLost')}
        </div>
      )}
      {me && <Proposals me={me} room={room} />}
      <main>
        {city ? (
          <>
            <NetworkMap
              {...city}
              feed={feed}
              selected={place.junction}
              hidden={hidden}
              onSelect={select}
              marks={replay ? NO_MARKS : marks}
              works={room.state?.works ?? NO_WORKS}
              emergencies={replay ? NO_EMERGENCIES : (room.state?.emergencies ?? NO_EMERGENCIES)}
              focus={focus}
            />
            <Legend hidden={hidden} onHide={hide} />
            <aside id="panel" tabIndex={-1}>
              {me && (
                <nav aria-label={t('room.views')}>
                  {TABS.map((tab) => (
                    <button key={tab} aria-current={place.tab === tab ? 'page' : undefined} onClick={() => go({ tab })}>
                      {t(`room.tabs.${tab}`)}
                      {tab === 'alarms' && calling > 0 && <span className="badge">{calling}</span>}
                      {tab === 'playbooks' && (room.state?.suggested.length ?? 0) > 0 && <span className="badge">!</span>}
                    </button>
                  ))}
                </nav>
              )}
              {view(city)}
            </aside>
          </>
        ) : (
          <p className="empty">{live.connection === 'lost' ? t('noCity') : t('connecting')}</p>
        )}
      </main>
      {signingIn && (
        <SignIn
          {...{ hasAccounts, provider, refused }}
          onSignedIn={refresh}
          onClose={() => {
            setSigningIn(false);
            if (refused !== '') go({});
            setRefused('');
          }}
        />
      )}
    </CityContext>
  );
};
