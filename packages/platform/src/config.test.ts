import { address, choice, list, numeric, optionalText, readConfig, speed, text } from './config.ts';

const settings = {
  listen: address('127.0.0.1:0'),
  speed: speed(1),
  method: choice(['adaptive', 'fixed'], 'adaptive'),
  junctions: list([]),
};

describe('settings of a process', () => {
  it('takes a flag before the environment and the environment before the fallback', () => {
    const config = readConfig(settings, ['--speed', 'max'], { SONGXANH_SPEED: '2', SONGXANH_METHOD: 'fixed' });
    expect(config).toEqual({ listen: '127.0.0.1:0', speed: Infinity, method: 'fixed', junctions: [] });
  });

  it('writes a name of several words with dashes as a flag and with underscores in the environment', () => {
    const words = { countdownLog: text() };
    expect(readConfig(words, ['--countdown-log', 'a'], {}).countdownLog).toBe('a');
    expect(readConfig(words, [], { SONGXANH_COUNTDOWN_LOG: 'b' }).countdownLog).toBe('b');
  });

  it('leaves an optional setting undefined', () => {
    expect(readConfig({ log: optionalText() }, [], {}).log).toBeUndefined();
  });

  it.each([
    [['--speed', '0'], '--speed is "0": expected a number above 0, or max'],
    [['--method', 'magic'], '--method is "magic": expected one of adaptive, fixed'],
    [['--listen', 'somewhere'], '--listen is "somewhere": expected host:port'],
    [['--listen', '127.0.0.1:70000'], '--listen is "127.0.0.1:70000": expected host:port'],
    [['--junctions', 'a,,b'], '--junctions is "a,,b": expected names separated by commas'],
    [['--nonsense', '1'], 'known flags: --listen --speed --method --junctions'],
  ])('says what was expected for %j', (argv, message) => {
    expect(() => readConfig(settings, argv, {})).toThrow(message);
  });

  it('names the variable when the environment is wrong', () => {
    const seed = { seed: numeric({ min: 0, max: 9, whole: true }) };
    expect(() => readConfig(seed, [], { SONGXANH_SEED: '1.5' })).toThrow('SONGXANH_SEED is "1.5": expected a whole number from 0 to 9');
  });

  it('says that a setting without fallback is missing', () => {
    expect(() => readConfig({ scenario: text() }, [], {})).toThrow('--scenario (or SONGXANH_SCENARIO) is missing: expected some text');
  });
});
