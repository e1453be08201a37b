import type { LiveDecision } from '@songxanh/wire/live';
import { useTranslation } from 'react-i18next';

interface Props {
  readonly decisions: readonly LiveDecision[];
  readonly time: (at: number) => string;
}

/** What was decided before, newest first; several alike in a row are one line. */
export const LastDecisions = ({ decisions, time }: Props) => {
  const { t } = useTranslation();
  const runs: { readonly decision: LiveDecision; from: number }[] = [];
  for (const decision of decisions) {
    const last = runs.at(-1);
    if (last && last.decision.reason === decision.reason && last.decision.bindingRule === decision.bindingRule) last.from = decision.at;
    else runs.push({ decision, from: decision.at });
  }
  if (runs.length < 2) return null;
  return (
    <details>
      <summary>{t('room.lastDecisions')}</summary>
      <ol className="journal">
        {runs.map(({ decision, from }) => (
          <li key={decision.at}>
            <time>{time(from)}</time>
            <span>
              {t(`reason.${decision.reason}`, { defaultValue: decision.reason })}
              {decision.bindingRule !== undefined && (
                <span className="chip">{t(`rule.${decision.bindingRule}`, { defaultValue: decision.bindingRule })}</span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
};
