import { defaultType } from '@songxanh/sumo-files';
import { emissionClassOf, emissionRate, type EmissionClass } from './emissions.ts';
import { createSimulation } from './index.ts';
import { approach, demandOf } from './testing/approach.ts';

const classOf = (vehicleClass: string): EmissionClass => emissionClassOf(defaultType('x', vehicleClass)!)!;
const co2 = (kind: EmissionClass, speed: number, acceleration = 0): number => kind.scale.co2 * emissionRate(kind.co2, speed, acceleration);

describe('emissions', () => {
  it('are those of a petrol car at 50 km/h: about 160 g of CO2 per km', () => {
    expect((co2(classOf('passenger'), 13.9) / 13.9) * 1000).toBeCloseTo(161, 0);
  });

  it('of an idling motorcycle are what was measured in Hanoi', () => {
    const kind = classOf('motorcycle');
    expect(co2(kind, 0) * 3600).toBeCloseTo(534.3, 6);
    expect(kind.scale.nox * emissionRate(kind.nox, 0, 0) * 3600).toBeCloseTo(1.8, 6);
  });

  it('rise with acceleration and are never negative', () => {
    for (const name of ['passenger', 'bus', 'truck', 'motorcycle']) {
      expect(co2(classOf(name), 8, 1.5)).toBeGreaterThan(co2(classOf(name), 8));
      for (let speed = 0; speed <= 25; speed++)
        for (let a = -6; a <= 3; a++) expect(emissionRate(classOf(name).pm, speed, a)).toBeGreaterThanOrEqual(0);
    }
  });

  it('are none of who has no engine', () => {
    expect(emissionClassOf(defaultType('b', 'bicycle')!)).toBeUndefined();
  });

  it('of a trip that stops at a signal are more than of one that drives through, and stay when it has arrived', () => {
    const total = (state: string): number => {
      const network = approach(1, [
        [state, 60],
        ['G', 60],
      ]);
      const made = createSimulation({
        network,
        demand: demandOf(
          network,
          '<vType id="c" sigma="0"/><vehicle id="a" type="c" depart="0" departSpeed="max"><route edges="in out"/></vehicle>',
        ),
        beginS: 0,
        endS: 300,
        seed: 1,
        emissions: true,
      });
      if (!made.ok) throw new Error(made.message);
      made.value.run();
      return made.value.trips()[0]!.emissions!.co2G;
    };
    const [through, stopped] = [total('G'), total('r')];
    expect(through).toBeGreaterThan(80);
    expect(through).toBeLessThan(160);
    expect(stopped).toBeGreaterThan(1.2 * through);
  });

  it('are not reckoned where nobody asks for them', () => {
    const network = approach(1, [['G', 60]]);
    const made = createSimulation({
      network,
      demand: demandOf(network, '<vehicle id="a" depart="0"><route edges="in out"/></vehicle>'),
      beginS: 0,
      endS: 60,
      seed: 1,
    });
    if (!made.ok) throw new Error(made.message);
    made.value.run();
    expect(made.value.trips()[0]!.emissions).toBeUndefined();
  });
});
