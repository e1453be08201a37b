import type { JunctionSummary, ScenarioInfo } from '@songxanh/wire/live';
import type { FeatureCollection } from 'geojson';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { HealthBanner } from './health-banner.tsx';
import { switchLanguage } from './i18n/index.ts';
import { KpiStrip } from './kpi-strip.tsx';
import { Legend } from './legend.tsx';
import { getNetwork, getScenario, listJunctions } from './live/api.ts';
import { LiveFeed } from './live/live-feed.ts';
import { NetworkMap } from './map/network-map.tsx';
import { JunctionList } from './panel/junction-list.tsx';
import { JunctionPanel } from './panel/junction-panel.tsx';

interface City {
  readonly scenario: ScenarioInfo;
  readonly network: FeatureCollection;
  readonly junctions: readonly JunctionSummary[];
}

const RETRY_MS = 2000;
const feed = new LiveFeed(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`);

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

/** The chosen junction lives in the address, so that it can be shared. */
const useSelected = (): [string | undefined, (id: string | undefined) => void] => {
  const read = (): string | undefined => new URLSearchParams(location.search).get('junction') ?? undefined;
  const [selected, setSelected] = useState(read);
  useEffect(() => {
    const back = (): void => setSelected(read());
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, []);
  const select = useCallback((id: string | undefined): void => {
    history.pushState(null, '', id ? `?junction=${encodeURIComponent(id)}` : location.pathname);
    setSelected(id);
  }, []);
  return [selected, select];
};

export const App = () => {
  const { t, i18n } = useTranslation();
  const city = useCity();
  const live = useSyncExternalStore(feed.subscribe, feed.read);
  const [selected, select] = useSelected();
  const junction = city?.junctions.find(({ id }) => id === selected);
  const timeZone = city?.scenario.timeZone ?? 'UTC';
  const time = (at: number): string => new Date(at).toLocaleTimeString(i18n.language, { timeZone, hour12: false });

  return (
    <>
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
        <div className="clock" aria-label={t('streetTime')}>
          {live.state ? time(live.state.at) : '––:––'}
        </div>
        <button onClick={switchLanguage}>{t('language')}</button>
      </header>
      <HealthBanner live={live} />
      <main>
        {city ? (
          <>
            <NetworkMap {...city} feed={feed} selected={selected} onSelect={select} />
            <Legend />
            <aside id="panel" tabIndex={-1}>
              {junction && live.state ? (
                <JunctionPanel key={junction.id} junction={junction} state={live.state} time={time} onClose={() => select(undefined)} />
              ) : (
                <JunctionList junctions={city.junctions} state={live.state} onSelect={select} />
              )}
            </aside>
          </>
        ) : (
          <p className="empty">{live.connection === 'lost' ? t('noCity') : t('connecting')}</p>
        )}
      </main>
    </>
  );
};
