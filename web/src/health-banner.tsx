import { useTranslation } from 'react-i18next';
import { useLasting } from './lasting.ts';
import type { Live } from './live/live-feed.ts';

/** Given back by a person or a preemption, a junction runs by the clock for the second until the optimizer's next plan. */
const DEGRADED_AFTER_MS = 5000;

const TROUBLES: readonly string[] = ['safety', 'time-of-day', 'actuated', 'flash'];

/** Says what is not as it should be; silent otherwise. */
export const HealthBanner = ({ live }: { readonly live: Live }) => {
  const { t } = useTranslation();
  const health = live.state?.health;
  const nameOf = (kind: string, name: string): string =>
    [t(`process.${kind}`, { defaultValue: kind }), name === kind ? '' : name].filter((part) => part !== '').join(' ');
  // What a person or a preemption has taken is no trouble.
  const degraded = (health?.degraded ?? []).filter(({ source }) => TROUBLES.includes(source));
  const isDegraded = useLasting(degraded.length > 0, DEGRADED_AFTER_MS);
  const troubles = [
    ...(live.connection === 'lost' ? [t('lost')] : []),
    ...(health?.processes ?? []).filter(({ state }) => state === 'down').map(({ kind, name }) => t('down', { name: nameOf(kind, name) })),
    ...(isDegraded ? [t('degraded', { count: degraded.length })] : []),
  ];
  return (
    <div role="alert" className={troubles.length > 0 ? 'banner' : 'banner quiet'}>
      {troubles.map((trouble) => (
        <span key={trouble}>⚠ {trouble}</span>
      ))}
    </div>
  );
};
