import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRunnableSite } from './parse-runnable-site.ts';

const FILE = join(__dirname, '../../../../scenarios/one-junction/sites/A.site.json');
interface SiteFile {
  readonly stages: readonly { readonly id: string; readonly green: readonly string[] }[];
}
const good = JSON.parse(readFileSync(FILE, 'utf8')) as SiteFile;

test('a junction whose file stands every check runs', () => {
  expect(parseRunnableSite(good, 'A.site.json').ok).toBe(true);
});

test('a file of the right shape that names what is not there is refused with its file and name', () => {
  const [first, ...others] = good.stages;
  const bad = { ...good, stages: [{ ...first!, green: [...first!.green, 'nowhere'] }, ...others] };
  expect(parseRunnableSite(bad, 'A.site.json')).toMatchObject({
    ok: false,
    message: `A.site.json: stage ${first!.id} names group nowhere, which does not exist`,
  });
});

test('conflicting greens are refused, and how much else is wrong is told', () => {
  const all = {
    ...good,
    stages: [{ ...good.stages[0]!, green: [...new Set(good.stages.flatMap(({ green }) => green))] }, ...good.stages.slice(1)],
  };
  const refused = parseRunnableSite(all, 'A.site.json');
  expect(!refused.ok && refused.message).toMatch(/^A\.site\.json: .* \(and \d+ more: songxanh site check A\.site\.json\)$/);
});
