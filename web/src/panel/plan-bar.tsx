import type { PlanView } from '@songxanh/wire/live';
import { useTranslation } from 'react-i18next';
import type { JunctionWords } from '../junction/words.ts';

/** The plan is drawn from a little before now to a minute and a half ahead. */
const PAST_MS = 15_000;
const AHEAD_MS = 90_000;
const SPAN_MS = PAST_MS + AHEAD_MS;
const HUES = [158, 204, 38, 280, 96, 330, 20, 240];

interface Props {
  readonly plan: PlanView;
  readonly now: number;
  readonly words: JunctionWords;
  readonly stageOrder: readonly string[];
}

/** Stages on a moving time line: solid where promised, hatched where the next plan may still differ. */
export const PlanBar = ({ plan, now, words, stageOrder }: Props) => {
  const { t } = useTranslation();
  const from = now - PAST_MS;
  const x = (at: number): number => (Math.min(Math.max(at - from, 0), SPAN_MS) / SPAN_MS) * 100;
  const blocks = plan.steps
    .map((step, k) => ({ ...step, end: plan.steps[k + 1]?.start ?? plan.until }))
    .filter(({ start, end }) => end > from && start < from + SPAN_MS);
  return (
    <figure className="plan-bar">
      <svg
        viewBox="0 0 100 16"
        preserveAspectRatio="none"
        role="img"
        aria-label={blocks.map((b) => `${words.stage(b.stage)} ${Math.round((b.start - now) / 1000)} s`).join(', ')}
      >
        <defs>
          <pattern id="revisable" width="2" height="2" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="1" height="2" fill="rgba(13,21,24,.5)" />
          </pattern>
        </defs>
        {blocks.map((block) => {
          const hue = HUES[Math.max(0, stageOrder.indexOf(block.stage)) % HUES.length];
          const width = Math.max(0.2, x(block.end) - x(block.start) - 0.3);
          return (
            <g key={`${block.stage}${block.start}`}>
              <rect x={x(block.start)} y="2" width={width} height="12" rx="0.6" fill={`hsl(${hue} 52% 42%)`} />
              {!block.committed && <rect x={x(block.start)} y="2" width={width} height="12" rx="0.6" fill="url(#revisable)" />}
            </g>
          );
        })}
        <line x1={x(now)} x2={x(now)} y1="0" y2="16" stroke="#fff" strokeWidth="0.4" />
      </svg>
      <div className="plan-labels" aria-hidden="true">
        {blocks.map((block) => (
          <span
            key={`${block.stage}${block.start}`}
            title={words.stage(block.stage)}
            style={{ left: `${x(Math.max(block.start, from))}%`, maxWidth: `${x(block.end) - x(Math.max(block.start, from))}%` }}
          >
            {words.stageSign(block.stage)}
          </span>
        ))}
      </div>
      <figcaption>
        <span className="key solid" /> {t('committed')} <span className="key hatched" /> {t('revisable')}
      </figcaption>
    </figure>
  );
};
