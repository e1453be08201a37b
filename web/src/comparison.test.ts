import type { LiveKpis } from '@songxanh/wire/live';
import { compareKpis, ENOUGH_JOURNEYS } from './comparison.ts';

const kpis = (throughput: number, meanDelayPerPersonS: number, at = 0): LiveKpis => ({
  ...{ at, throughput, meanDelayPerPersonS, personDelayH: meanDelayPerPersonS / 10 },
  ...{ stops: 0, running: 0, waitingToEnter: 0 },
});

describe('a street against the same under fixed plans', () => {
  it('is compared by the journeys that both have ended', () => {
    expect(compareKpis(kpis(ENOUGH_JOURNEYS, 25), kpis(ENOUGH_JOURNEYS + 9, 50))).toEqual({ kind: 'compared', percent: -50, savedH: 2.5 });
  });

  it('is not before there are enough of them on either side', () => {
    expect(compareKpis(kpis(35, 17.5), kpis(32, 21.2))).toEqual({ kind: 'comparing', journeys: 32 });
    expect(compareKpis(kpis(ENOUGH_JOURNEYS - 1, 40), kpis(9000, 50))).toMatchObject({ kind: 'comparing' });
    expect(compareKpis(kpis(9000, 40), kpis(ENOUGH_JOURNEYS - 1, 50))).toMatchObject({ kind: 'comparing' });
  });

  it('is not with a street that is at another time of the day', () => {
    expect(compareKpis(kpis(9000, 40, 120_000), kpis(9000, 50))).toMatchObject({ kind: 'comparing' });
  });

  it('says nothing where no second street runs', () => {
    expect(compareKpis(kpis(9000, 40), undefined)).toEqual({ kind: 'none' });
  });
});
