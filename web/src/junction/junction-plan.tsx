import type { JunctionSummary, LiveSignals } from '@songxanh/wire/live';
import type { FeatureCollection, Position } from 'geojson';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { LAMP_COLOUR, LAMP_MARK } from '../lamps.ts';
import { METRES, numberPlace, placesInArm } from '../map/number-place.ts';

/** Half the side of the drawing, m: the junction and its queues' last vehicles. */
const REACH_M = 55;
const METRES_PER_DEGREE = 111_320;

interface Shape {
  readonly kind: string;
  readonly points: readonly (readonly [number, number])[];
  readonly group: string;
  readonly widthM: number;
  readonly walk: boolean;
  readonly internal: boolean;
  readonly detector: string;
  readonly lane: string;
}

/** The junction's features in metres east and south of its position. */
export const shapesOf = (network: FeatureCollection, junction: JunctionSummary): readonly Shape[] => {
  const { lon, lat } = junction.position;
  const eastM = METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
  const local = ([x = 0, y = 0]: Position): readonly [number, number] => [(x - lon) * eastM, (lat - y) * METRES_PER_DEGREE];
  return network.features.flatMap(({ geometry, properties }): Shape[] => {
    const p = (properties ?? {}) as Record<string, unknown>;
    const coordinates =
      geometry.type === 'Point'
        ? [geometry.coordinates]
        : geometry.type === 'LineString'
          ? geometry.coordinates
          : geometry.type === 'Polygon'
            ? (geometry.coordinates[0] ?? [])
            : [];
    const points = coordinates.map(local);
    if (!points.some(([x, y]) => Math.abs(x) < REACH_M && Math.abs(y) < REACH_M)) return [];
    if (p['junction'] !== undefined && p['junction'] !== junction.id) return [];
    const [group = ''] = Array.isArray(p['groups']) ? (p['groups'] as string[]) : [(p['group'] as string | undefined) ?? ''];
    return [
      {
        kind: String(p['kind']),
        points,
        group,
        widthM: Number(p['widthM'] ?? 1),
        walk: p['walk'] === true,
        internal: p['internal'] === true,
        detector: p['kind'] === 'detector' ? String(p['id']) : '',
        lane: ((p['kind'] === 'lane' ? p['id'] : p['lane']) as string | undefined) ?? '',
      },
    ];
  });
};

const path = (points: Shape['points']): string => points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join(' ');

interface Props {
  readonly network: FeatureCollection;
  readonly junction: JunctionSummary;
  readonly signals: LiveSignals;
  readonly detectors: string;
}

/** The junction to scale, north up, with its lamps, numbers and detectors as they are now. */
export const JunctionPlan = ({ network, junction, signals, detectors }: Props) => {
  const { t } = useTranslation();
  const shapes = useMemo(() => shapesOf(network, junction), [network, junction]);
  const groupAt = useMemo(() => new Map(junction.groups.map(({ id }, k) => [id, k])), [junction]);
  const detectorAt = useMemo(() => new Map(junction.detectors.map(({ id }, k) => [id, k])), [junction]);
  const letter = (group: string): string => signals.lamps[groupAt.get(group) ?? -1] ?? 'd';
  const colour = (group: string): string => LAMP_COLOUR[letter(group)] ?? '#5b6b73';
  const of = (kind: string): readonly Shape[] => shapes.filter((shape) => shape.kind === kind);
  const lanes = of('lane').filter(({ internal }) => !internal);
  const laneOf = new Map(lanes.map(({ lane, points }) => [lane, points]));
  const places = useMemo(() => placesInArm(junction), [junction]);
  return (
    <figure className="junction-plan">
      <svg
        viewBox={`${-REACH_M} ${-REACH_M} ${2 * REACH_M} ${2 * REACH_M}`}
        role="img"
        aria-label={t('room.planOf', { name: junction.name || junction.id })}
      >
        {of('junction').map(({ points }, k) => (
          <polygon key={k} points={path(points)} fill="#26343a" />
        ))}
        {lanes.map(({ points, widthM, walk }, k) => (
          <polyline
            key={k}
            points={path(points)}
            fill="none"
            stroke={walk ? '#1c282d' : '#2b3a40'}
            strokeWidth={Math.max(0.5, widthM - 0.25)}
          />
        ))}
        {of('crossing').map(({ points, group, widthM }, k) => (
          <polyline
            key={k}
            points={path(points)}
            fill="none"
            stroke={colour(group)}
            strokeOpacity="0.7"
            strokeWidth={widthM}
            strokeDasharray="0.6 0.6"
          />
        ))}
        {of('detector').map(({ points, detector }, k) => {
          const state = detectors[detectorAt.get(detector) ?? -1] ?? '0';
          const fill = 'xX'.includes(state) ? '#ff4fd8' : 'sS'.includes(state) ? '#ffc53d' : state === '1' ? '#4fd8ff' : '#3f5560';
          return points.length > 1 ? (
            <polyline key={k} points={path(points)} fill="none" stroke={fill} strokeWidth="1.6" />
          ) : (
            <circle key={k} cx={points[0]?.[0]} cy={points[0]?.[1]} r="0.7" fill={fill} />
          );
        })}
        {of('stop-line').map(({ points, group }, k) => (
          <polyline key={k} points={path(points)} fill="none" stroke={colour(group)} strokeWidth="0.9" />
        ))}
        {of('signal-head').map(({ points, group, lane }, k) => {
          const [x = 0, y = 0] = points[0] ?? [];
          const number = signals.countdowns[groupAt.get(group) ?? -1];
          const into = laneOf.get(lane);
          const [nx = 0, ny = 0] = into === undefined ? [x, y - 3] : numberPlace([x, y], into, places.get(group) ?? 0, METRES);
          return (
            <g key={k}>
              <circle cx={x} cy={y} r="1.5" fill={colour(group)} stroke="#0d1518" strokeWidth="0.3" />
              <text x={x} y={y + 0.75} fontSize="2" textAnchor="middle" fill="#0d1518">
                {LAMP_MARK[letter(group)]}
              </text>
              {number !== null && number !== undefined && (
                <text
                  x={nx}
                  y={ny + 1}
                  fontSize="3"
                  fontWeight="700"
                  textAnchor="middle"
                  fill={colour(group)}
                  stroke="#0d1518"
                  strokeWidth="0.6"
                  paintOrder="stroke"
                >
                  {number}
                </text>
              )}
            </g>
          );
        })}
        <g stroke="#9fb3ba" strokeWidth="0.4" fill="#9fb3ba">
          <path d={`M ${-REACH_M + 4} ${REACH_M - 5} h 20 m -20 -1 v 2 m 20 -2 v 2`} fill="none" />
          <text x={-REACH_M + 14} y={REACH_M - 7} fontSize="3" textAnchor="middle" stroke="none">
            20 m
          </text>
        </g>
      </svg>
    </figure>
  );
};
