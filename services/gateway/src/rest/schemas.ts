/** JSON schemas of the requests, and of the answers as far as OpenAPI readers need them; the full types are in `packages/wire`. */
const text = (description: string) => ({ type: 'string', minLength: 1, maxLength: 200, description });

export const junctionParams = { type: 'object', required: ['id'], properties: { id: text('id of the junction') } } as const;
export const overrideParams = { type: 'object', required: ['id'], properties: { id: text('id of the override') } } as const;

const action = {
  description: 'what to do',
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    { type: 'object', additionalProperties: false, required: ['kind'], properties: { kind: { enum: ['hold', 'all-red', 'flash'] } } },
    {
      type: 'object',
      additionalProperties: false,
      required: ['kind', 'stage'],
      properties: { kind: { const: 'stage' }, stage: text('id of the stage') },
    },
    {
      type: 'object',
      additionalProperties: false,
      required: ['kind', 'name'],
      properties: { kind: { const: 'plan' }, name: text('name of the time-of-day plan') },
    },
  ],
} as const;

/** What a person in the room may ask for: an override's actions, the next stage, or nothing any more. */
export const commandAction = {
  ...action,
  oneOf: [
    {
      type: 'object',
      additionalProperties: false,
      required: ['kind'],
      properties: { kind: { enum: ['hold', 'all-red', 'flash', 'advance', 'release'] } },
    },
    ...action.oneOf.slice(1),
  ],
} as const;

export const overrideBody = {
  type: 'object',
  additionalProperties: false,
  required: ['action', 'reason', 'by', 'durationS'],
  properties: {
    action,
    reason: text('why, for the log'),
    by: text('who takes responsibility'),
    durationS: { type: 'number', minimum: 1, maximum: 14_400, description: 'seconds of street time' },
    source: {
      enum: ['operator', 'manual', 'emergency-preemption'],
      default: 'operator',
      description: 'emergency-preemption: only with the token of the priority service',
    },
  },
} as const;

const anything = (description: string) => ({ description, type: 'object', additionalProperties: true }) as const;
const many = (description: string) => ({ description, type: 'array', items: { type: 'object', additionalProperties: true } }) as const;
const error = {
  description: 'what is wrong, where, and what was expected',
  type: 'object',
  required: ['error', 'message'],
  properties: { error: { type: 'string' }, message: { type: 'string' }, where: { type: 'string' }, expected: { type: 'string' } },
} as const;

export const answers = {
  scenario: { 200: anything('ScenarioInfo') },
  network: { 200: anything('GeoJSON FeatureCollection in lon/lat') },
  junctions: { 200: many('JunctionSummary') },
  junction: { 200: anything('JunctionDetail'), 404: error },
  health: { 200: anything('LiveHealth') },
  kpis: { 200: anything('LiveKpis by kind of control') },
  overrides: { 200: many('OverrideView') },
  given: { 201: anything('OverrideView'), 400: error, 401: error, 403: error, 404: error, 409: error },
  released: { 204: { type: 'null', description: 'released' }, 401: error, 403: error, 404: error },
  reset: { 200: anything('{done, message}'), 401: error, 404: error, 503: error },
} as const;
