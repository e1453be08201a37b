import { watchServing } from './watch-serving.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('a process stays up while its answer is on its way, and is asked one question at a time', async () => {
  const answers: ((up: boolean) => void)[] = [];
  const watch = watchServing(() => new Promise((resolve) => answers.push(resolve)), 500);
  expect(watch.isUp()).toBeUndefined();
  answers[0]!(true);
  await jest.advanceTimersByTimeAsync(500);
  expect(watch.isUp()).toBe(true);
  await jest.advanceTimersByTimeAsync(2000);
  expect(answers).toHaveLength(2);
  expect(watch.isUp()).toBe(true);
  answers[1]!(false);
  await jest.advanceTimersByTimeAsync(0);
  expect(watch.isUp()).toBe(false);
  watch.stop();
  await jest.advanceTimersByTimeAsync(5000);
  expect(answers).toHaveLength(2);
});
