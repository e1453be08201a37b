import { useTranslation } from 'react-i18next';
import type { Live } from './live/live-feed.ts';

/** Says at once what is not as it should be; silent otherwise. */
export const HealthBanner = ({ live }: { readonly live: Live }) => {
  const { t } = useTranslation();
  const health = live.state?.health;
  const troubles = [
    ...(live.connection === 'lost' ? [t('lost')] : []),
    ...(health?.processes ?? []).filter(({ state }) => state === 'down').map(({ kind, name }) => t('down', { name: name || kind })),
    ...(health && health.degraded.length > 0 ? [t('degraded', { count: health.degraded.length })] : []),
  ];
  return (
    <div role="alert" className={troubles.length > 0 ? 'banner' : 'banner quiet'}>
      {troubles.map((trouble) => (
        <span key={trouble}>⚠ {trouble}</span>
      ))}
    </div>
  );
};
