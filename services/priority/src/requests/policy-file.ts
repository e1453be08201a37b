import { readFile } from 'node:fs/promises';
import { junctionId, PRIORITY_MEASURES, seconds, type PolicyRule, type PriorityConditions, type PriorityPolicy } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const RULE_KEYS = [
  'line',
  'stop',
  'junction',
  'kind',
  'when',
  'measures',
  'personFactor',
  'perMinuteLate',
  'lockoutS',
  'reserviceS',
  'maxPresenceS',
  'costCapPersonS',
];
const WHEN_KEYS = ['latenessS', 'headwayRatio', 'persons'];

const ruleOf = (where: string, value: unknown): PolicyRule => {
  const fail = (key: string, expected: string): never => {
    throw new EdgeError('bad-config', `${where}.${key}: expected ${expected}`);
  };
  const known = (object: Json, keys: readonly string[], prefix = ''): void => {
    for (const key of Object.keys(object)) if (!keys.includes(key)) fail(`${prefix}${key}`, `one of ${keys.join(', ')}`);
  };
  if (!isObject(value)) throw new EdgeError('bad-config', `${where}: expected an object`);
  known(value, RULE_KEYS);
  const text = (key: string): string | undefined => {
    const found = value[key];
    return found === undefined ? undefined : typeof found === 'string' && found !== '' ? found : fail(key, 'a text');
  };
  const amount = (object: Json, key: string, prefix = ''): number | undefined => {
    const found = object[key];
    return found === undefined ? undefined : typeof found === 'number' && found >= 0 ? found : fail(`${prefix}${key}`, 'a number from 0');
  };
  const kind = value['kind'];
  if (kind !== undefined && kind !== 'none' && kind !== 'conditional' && kind !== 'unconditional')
    return fail('kind', 'none, conditional or unconditional');
  const measures = value['measures'];
  if (
    measures !== undefined &&
    !(Array.isArray(measures) && measures.every((one) => (PRIORITY_MEASURES as readonly unknown[]).includes(one)))
  )
    return fail('measures', `a list of ${PRIORITY_MEASURES.join(', ')}`);
  const when = value['when'] ?? {};
  if (!isObject(when)) return fail('when', 'an object');
  known(when, WHEN_KEYS, 'when.');
  const [latenessS, headwayRatio, persons] = WHEN_KEYS.map((key) => amount(when, key, 'when.'));
  const conditions: PriorityConditions = {
    ...(latenessS === undefined ? {} : { latenessAtLeast: seconds(latenessS) }),
    ...(headwayRatio === undefined ? {} : { headwayRatioAtLeast: headwayRatio }),
    ...(persons === undefined ? {} : { personsAtLeast: persons }),
  };
  const [personFactor, perMinuteLate, costCapPersonS] = ['personFactor', 'perMinuteLate', 'costCapPersonS'].map((key) =>
    amount(value, key),
  );
  const [lockoutS, reserviceS, maxPresenceS] = ['lockoutS', 'reserviceS', 'maxPresenceS'].map((key) => amount(value, key));
  const policy: Partial<PriorityPolicy> = {
    ...(kind === undefined ? {} : { kind }),
    ...(value['when'] === undefined ? {} : { conditions }),
    ...(measures === undefined ? {} : { measures: measures as PriorityPolicy['measures'] }),
    ...(personFactor === undefined ? {} : { personFactor }),
    ...(perMinuteLate === undefined ? {} : { perMinuteLate }),
    ...(costCapPersonS === undefined ? {} : { costCapPersonS }),
    ...(lockoutS === undefined ? {} : { lockout: seconds(lockoutS) }),
    ...(reserviceS === undefined ? {} : { reservice: seconds(reserviceS) }),
    ...(maxPresenceS === undefined ? {} : { maxPresence: seconds(maxPresenceS) }),
  };
  const [line, stop, junction] = ['line', 'stop', 'junction'].map(text);
  return {
    ...(line === undefined ? {} : { line }),
    ...(stop === undefined ? {} : { stop }),
    ...(junction === undefined ? {} : { junction: junctionId(junction) }),
    policy,
  };
};

/** Rules of a JSON file `{rules: [{line?, stop?, junction?, kind?, when?: {latenessS?, headwayRatio?, persons?}, …}]}`. */
export const parsePolicies = (text: string, file: string): readonly PolicyRule[] => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new EdgeError('bad-config', `${file}: ${(error as Error).message}: expected JSON {rules: […]}`);
  }
  const rules = isObject(value) ? value['rules'] : undefined;
  if (!Array.isArray(rules)) throw new EdgeError('bad-config', `${file}: rules: expected a list`);
  return rules.map((rule, i) => ruleOf(`${file}: rules[${String(i)}]`, rule));
};

export const readPolicies = async (file: string | undefined): Promise<readonly PolicyRule[]> => {
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new EdgeError('bad-config', `${file}: ${(error as Error).message}: expected a file of policies`);
  });
  return parsePolicies(text, file);
};
