import type { LiveDecision } from '@songxanh/wire/live';
import { useTranslation } from 'react-i18next';
import type { JunctionWords } from '../junction/words.ts';

/** The search counts a second beyond a cap on red as 1,000 person-seconds: a cost from here on is such a wait, not a measure of delay. */
const BEYOND_CAP = 50_000;

interface Props {
  readonly decision: LiveDecision;
  readonly words: JunctionWords;
  readonly time: (at: number) => string;
}

const steps = (decision: LiveDecision, alternative: LiveDecision['chosen'], words: JunctionWords): string =>
  alternative.steps
    .map(({ stage, start }) => `${words.stageSign(stage)} ${start <= decision.at ? '●' : `+${Math.round((start - decision.at) / 1000)} s`}`)
    .join(' → ');

/** What was seen, the lanes of an arm together. */
const seenByArm = (
  { seen }: LiveDecision,
  words: JunctionWords,
): readonly (readonly [string, { queuePcu: number; arrivingPcu: number }])[] => {
  const byArm = new Map<string, { queuePcu: number; arrivingPcu: number }>();
  for (const { movement, queuePcu, arrivingPcu } of seen) {
    const from = words.lane(movement);
    const sum = byArm.get(from) ?? { queuePcu: 0, arrivingPcu: 0 };
    byArm.set(from, { queuePcu: sum.queuePcu + queuePcu, arrivingPcu: sum.arrivingPcu + arrivingPcu });
  }
  return [...byArm];
};

/** Why the plan is what it is: the reason in words, the rule that bound, what else was weighed and what it would have cost. */
export const Decision = ({ decision, words, time }: Props) => {
  const { t, i18n } = useTranslation();
  const whole = (value: number): string => Math.round(value).toLocaleString(i18n.language);
  const tenths = (value: number): string => value.toLocaleString(i18n.language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const others = decision.alternatives.filter(({ cost }) => Number.isFinite(cost)).slice(0, 4);
  const seen = seenByArm(decision, words).filter(([, { queuePcu, arrivingPcu }]) => queuePcu + arrivingPcu >= 0.5);
  return (
    <section aria-labelledby="why">
      <h3 id="why">{t('why')}</h3>
      <p className="reason">
        {t(`reason.${decision.reason}`, { defaultValue: decision.reason })}
        {decision.bindingRule && <span className="chip">{t(`rule.${decision.bindingRule}`, { defaultValue: decision.bindingRule })}</span>}
      </p>
      <p className="dim">
        {time(decision.at)} · {t(`method.${decision.method}`, { defaultValue: decision.method })}
      </p>
      <h4>
        {t('weighed')} ({t('cost')})
      </h4>
      <table className="weighed">
        <tbody>
          <tr className="chosen">
            <td>{steps(decision, decision.chosen, words) || t('stay')}</td>
            <td className="number">{decision.chosen.cost >= BEYOND_CAP ? '' : whole(decision.chosen.cost)}</td>
            <td>{t('chosen')}</td>
          </tr>
          {others.map((alternative, k) => (
            <tr key={k}>
              <td>{steps(decision, alternative, words) || t('stay')}</td>
              {alternative.cost >= BEYOND_CAP ? (
                <td colSpan={2} className="number dim">
                  {t('beyondCap')}
                </td>
              ) : (
                <>
                  <td className="number">{whole(alternative.cost)}</td>
                  <td className="number dim">
                    {alternative.cost < decision.chosen.cost ? t('notAllowed') : `+${whole(alternative.cost - decision.chosen.cost)}`}
                  </td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {seen.length > 0 && (
        <ul className="seen">
          {seen.map(([from, { queuePcu, arrivingPcu }]) => (
            <li key={from}>
              {from}: {t('queueNow')} {tenths(queuePcu)} · {t('arriving')} {tenths(arrivingPcu)} {t('pcu')}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
};
