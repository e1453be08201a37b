import { useTranslation } from 'react-i18next';
import { LAYER_NAMES, type LayerName } from './map/shown-layers.ts';
import { Lamp } from './panel/lamp.tsx';

interface Props {
  readonly hidden: ReadonlySet<LayerName>;
  readonly onHide: (layer: LayerName, hide: boolean) => void;
}

/** What the map's signs mean, and which of them are shown. */
export const Legend = ({ hidden, onHide }: Props) => {
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
          {hidden.has('flows') ? (
            <>
              <i className="swatch queue" /> {t('queue')}
            </>
          ) : (
            <>
              <i className="swatch flow" /> {t('flowLegend')}
            </>
          )}
        </li>
        {!hidden.has('speeds') && (
          <li>
            <i className="swatch speed" /> {t('speedLegend')}
          </li>
        )}
        <li>
          <i className="swatch detector" /> {t('detectorOn')}
        </li>
        {(['passenger', 'motorcycle', 'bus', 'truck'] as const).map((kind) => (
          <li key={kind}>
            <i className={`swatch ${kind}`} /> {t(`vehicle.${kind}`)}
          </li>
        ))}
        {(['optimizer', 'person', 'fallback'] as const).map((charge) => (
          <li key={charge}>
            <i className={`dot ${charge}`} /> {t(`charge.${charge}`)}
          </li>
        ))}
        <li>
          <i className="swatch held-mark" /> {t('room.heldMark')}
        </li>
        <li>
          <i className="swatch alarm-mark" /> {t('room.alarmMark')}
        </li>
        <li>
          <i className="swatch closure" /> {t('room.layer.closures')}
        </li>
      </ul>
      <details className="layers">
        <summary>{t('room.layers')}</summary>
        {LAYER_NAMES.map((layer) => (
          <label key={layer}>
            <input type="checkbox" checked={!hidden.has(layer)} onChange={(event) => onHide(layer, !event.target.checked)} />{' '}
            {t(`room.layer.${layer}`)}
          </label>
        ))}
      </details>
    </details>
  );
};
