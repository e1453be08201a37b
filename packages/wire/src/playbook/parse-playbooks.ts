import { Ajv2020 } from 'ajv/dist/2020.js';
import { accept, ROLES, refuse, type Playbook, type Result, type Words } from '@songxanh/core';

const words = {
  type: 'object',
  additionalProperties: false,
  required: ['en', 'vi'],
  properties: { en: { type: 'string', minLength: 1 }, vi: { type: 'string', minLength: 1 } },
};
const closed = (properties: Readonly<Record<string, unknown>>, optional: Readonly<Record<string, unknown>> = {}) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties: { ...properties, ...optional },
});
const action = {
  type: 'object',
  discriminator: { propertyName: 'kind' },
  required: ['kind'],
  oneOf: [
    closed({ kind: { enum: ['hold', 'all-red', 'flash'] } }),
    closed({ kind: { const: 'plan' }, name: { type: 'string' } }),
    closed({ kind: { const: 'stage' }, stage: { type: 'string' } }),
  ],
};
const seconds = { type: 'number', exclusiveMinimum: 0, maximum: 14_400 };

/** JSON schema of `playbooks.json`: the operations centre's scripts. */
export const PLAYBOOKS_SCHEMA = {
  type: 'array',
  items: closed({
    id: { type: 'string', pattern: '^[a-z0-9-]+$' },
    title: words,
    class: { enum: ['daily', 'special', 'emergency'] },
    contacts: { type: 'array', items: { type: 'string' } },
    triggers: {
      type: 'array',
      items: closed({
        metric: { enum: ['queued-vehicles', 'mean-delay-s', 'worst-wait-s', 'critical-alarms'] },
        above: { type: 'number' },
        forS: { type: 'number', minimum: 0 },
      }),
    },
    steps: {
      type: 'array',
      minItems: 1,
      items: closed(
        { title: words, actor: { enum: ROLES }, deadlineS: seconds },
        { signals: closed({ junctions: { type: 'array', minItems: 1, items: { type: 'string' } }, action, durationS: seconds }) },
      ),
    },
    end: words,
  }),
} as const;

const validate = new Ajv2020({ discriminator: true, allErrors: false }).compile<readonly Playbook[]>(PLAYBOOKS_SCHEMA);

/** `{J4}` in a text is a junction. */
const MENTION = /\{([^{}]*)\}/g;

const textsOf = ({ title, steps, end }: Playbook): readonly Words[] => [title, ...steps.map((step) => step.title), end];

/** The playbooks with their junctions' names in the texts that mention them. */
export const nameJunctions = (playbooks: readonly Playbook[], nameOf: (junction: string) => string): readonly Playbook[] => {
  const named = (text: string): string => text.replace(MENTION, (_, junction: string) => nameOf(junction));
  const both = ({ en, vi }: Words): Words => ({ en: named(en), vi: named(vi) });
  return playbooks.map((playbook) => ({
    ...playbook,
    title: both(playbook.title),
    steps: playbook.steps.map((step) => ({ ...step, title: both(step.title) })),
    end: both(playbook.end),
  }));
};

/** Playbooks from the text of a file; a bad one is refused with its place and what was expected. */
export const parsePlaybooks = (text: string, file: string, junctions: readonly string[]): Result<readonly Playbook[]> => {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    return refuse('malformed', `${file}: ${(error as Error).message}: expected JSON`);
  }
  if (!validate(read)) {
    const [first] = validate.errors ?? [];
    const allowed = first?.params['allowedValues'] as readonly string[] | undefined;
    return refuse(
      'malformed',
      `${file}: ${first?.instancePath ?? ''} ${first?.message ?? 'is bad'}${allowed === undefined ? '' : `: ${allowed.join(', ')}`}`,
    );
  }
  for (const [p, playbook] of read.entries()) {
    const { id, steps } = playbook;
    const mentioned = textsOf(playbook).flatMap(({ en, vi }) => [...`${en} ${vi}`.matchAll(MENTION)].map(([, junction = '']) => junction));
    const stranger = mentioned.find((junction) => !junctions.includes(junction));
    if (stranger !== undefined)
      return refuse(
        'malformed',
        `${file}: /${String(p)} mentions {${stranger}}: expected one of ${junctions.slice(0, 20).join(', ')} in braces`,
      );
    if (read.findIndex((other) => other.id === id) !== p)
      return refuse('malformed', `${file}: /${String(p)}/id ${id} is there twice: expected once`);
    for (const [s, { signals }] of steps.entries()) {
      const unknown = signals?.junctions.find((junction) => !junctions.includes(junction));
      if (unknown !== undefined)
        return refuse(
          'malformed',
          `${file}: /${String(p)}/steps/${String(s)}/signals/junctions has "${unknown}": expected one of ${junctions.slice(0, 20).join(', ')}`,
        );
    }
  }
  return accept(read);
};
