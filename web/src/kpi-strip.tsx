import { useTranslation } from 'react-i18next';
import { compareKpis, ENOUGH_JOURNEYS } from './comparison.ts';
import type { KpiSample, PageState } from './live/live-state.ts';

const WIDTH = 160;
const HEIGHT = 34;

const Sparkline = ({ history }: { readonly history: readonly KpiSample[] }) => {
  const top = Math.max(
    1,
    ...history.flatMap(({ adaptive, fixed }) => [adaptive?.meanDelayPerPersonS ?? 0, fixed?.meanDelayPerPersonS ?? 0]),
  );
  const line = (pick: 'adaptive' | 'fixed'): string =>
    history
      .flatMap((sample, k) => {
        const kpis = sample[pick];
        return kpis
          ? [`${(k / Math.max(1, history.length - 1)) * WIDTH},${HEIGHT - 2 - (kpis.meanDelayPerPersonS / top) * (HEIGHT - 4)}`]
          : [];
      })
      .join(' ');
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline points={line('fixed')} className="fixed" />
      <polyline points={line('adaptive')} className="adaptive" />
    </svg>
  );
};

/** The network's figures, and what fixed plans would have made of the same demand. */
export const KpiStrip = ({ state }: { readonly state: PageState | undefined }) => {
  const { t, i18n } = useTranslation();
  const { adaptive, fixed } = state?.kpis ?? {};
  if (!state || !adaptive) return null;
  const number = (value: number, digits = 0): string =>
    value.toLocaleString(i18n.language, { maximumFractionDigits: digits, minimumFractionDigits: digits });
  const against = compareKpis(adaptive, fixed);
  return (
    <section className="kpis" aria-label={t('kpis')}>
      <div className="kpi wide">
        <span className="label">{t('delay')}</span>
        <span className="value">{t('seconds', { value: number(adaptive.meanDelayPerPersonS, 1) })}</span>
        {against.kind === 'none' && <span className="dim">{t('noComparison')}</span>}
        {against.kind === 'comparing' && (
          <span className="dim comparing">{t('comparing', { journeys: number(against.journeys), enough: number(ENOUGH_JOURNEYS) })}</span>
        )}
        {against.kind === 'compared' && (
          <span className={against.percent <= 0 ? 'better' : 'worse'}>
            {t('against', { percent: `${against.percent > 0 ? '+' : '−'}${number(Math.abs(against.percent))}` })}
          </span>
        )}
      </div>
      <div className="kpi">
        <Sparkline history={state.history} />
        <span className="dim">
          <i className="swatch adaptive" /> {t('adaptive')} <i className="swatch fixed" /> {t('fixed')}
        </span>
      </div>
      {against.kind === 'compared' && (
        <div className="kpi extra">
          <span className="label">{t('saved')}</span>
          <span className="value">{number(against.savedH, 1)}</span>
        </div>
      )}
      <div className="kpi">
        <span className="label">{t('throughput')}</span>
        <span className="value">{number(adaptive.throughput)}</span>
        {fixed && (
          <span className="dim" title={t('fixed')}>
            <i className="swatch fixed" aria-hidden="true" /> <span className="hidden">{t('fixed')}: </span>
            {number(fixed.throughput)}
          </span>
        )}
      </div>
      <div className="kpi">
        <span className="label">{t('stops')}</span>
        <span className="value">{number(adaptive.stops)}</span>
        {fixed && (
          <span className="dim" title={t('fixed')}>
            <i className="swatch fixed" aria-hidden="true" /> <span className="hidden">{t('fixed')}: </span>
            {number(fixed.stops)}
          </span>
        )}
      </div>
      <div className="kpi">
        <span className="label">{t('running')}</span>
        <span className="value">{number(adaptive.running)}</span>
        {adaptive.waitingToEnter > 0 && (
          <span className="dim">
            +{number(adaptive.waitingToEnter)} {t('waiting')}
          </span>
        )}
      </div>
    </section>
  );
};
