import type { LiveDecision } from '@songxanh/wire/live';
import { useTranslation } from 'react-i18next';

interface Props {
  readonly decision: LiveDecision;
  readonly stageName: (id: string) => string;
  readonly time: (at: number) => string;
}

const steps = (decision: LiveDecision, alternative: LiveDecision['chosen'], stageName: Props['stageName']): string =>
  alternative.steps
    .map(({ stage, start }) => `${stageName(stage)} ${start <= decision.at ? '●' : `+${Math.round((start - decision.at) / 1000)} s`}`)
    .join(' → ');

/** Why the plan is what it is: the reason in words, the rule that bound, what else was weighed and what it would have cost. */
export const Decision = ({ decision, stageName, time }: Props) => {
  const { t } = useTranslation();
  const others = decision.alternatives.filter(({ cost }) => Number.isFinite(cost)).slice(0, 4);
  return (
    <section aria-labelledby="why">
      <h3 id="why">{t('why')}</h3>
      <p className="reason">
        {t(`reason.${decision.reason}`, { defaultValue: decision.reason })}
        {decision.bindingRule && <span className="chip">{t(`rule.${decision.bindingRule}`, { defaultValue: decision.bindingRule })}</span>}
      </p>
      <p className="dim">
        {time(decision.at)} · {decision.method}
      </p>
      <h4>{t('weighed')}</h4>
      <table className="weighed">
        <tbody>
          <tr className="chosen">
            <td>{steps(decision, decision.chosen, stageName) || t('stay')}</td>
            <td className="number">{Math.round(decision.chosen.cost)}</td>
            <td>{t('chosen')}</td>
          </tr>
          {others.map((alternative, k) => (
            <tr key={k}>
              <td>{steps(decision, alternative, stageName) || t('stay')}</td>
              <td className="number">{Math.round(alternative.cost)}</td>
              <td className="number dim">+{Math.max(0, Math.round(alternative.cost - decision.chosen.cost))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="dim">{t('cost')}</p>
      {decision.seen.length > 0 && (
        <ul className="seen">
          {decision.seen
            .filter(({ queuePcu, arrivingPcu }) => queuePcu + arrivingPcu >= 0.5)
            .slice(0, 8)
            .map(({ movement, queuePcu, arrivingPcu }) => (
              <li key={movement}>
                <code>{movement}</code> {t('queueNow')} {queuePcu.toFixed(1)} · {t('arriving')} {arrivingPcu.toFixed(1)} {t('pcu')}
              </li>
            ))}
        </ul>
      )}
    </section>
  );
};
