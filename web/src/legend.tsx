import { useTranslation } from 'react-i18next';
import { Lamp } from './panel/lamp.tsx';

export const Legend = () => {
  const { t } = useTranslation();
  return (
    <details className="legend" open>
      <summary>{t('legend')}</summary>
      <ul>
        {(['G', 'g', 'y', 'r'] as const).map((letter) => (
          <li key={letter}>
            <Lamp letter={letter} /> {t(`lamp.${{ G: 'green', g: 'permissive', y: 'clearance', r: 'red' }[letter]}`)}
          </li>
        ))}
        <li>
          <i className="swatch queue" /> {t('queue')}
        </li>
        <li>
          <i className="swatch detector" /> {t('detectorOn')}
        </li>
        {(['passenger', 'motorcycle', 'bus', 'truck'] as const).map((kind) => (
          <li key={kind}>
            <i className={`swatch ${kind}`} /> {t(`vehicle.${kind}`)}
          </li>
        ))}
      </ul>
    </details>
  );
};
