import { TRAFFIC_MIXES } from '@songxanh/core';

const id = (description: string) => ({ type: 'string', minLength: 1, description });
const ids = (description: string) => ({ type: 'array', items: { type: 'string', minLength: 1 }, description });
const duration = (description: string) => ({ type: 'number', minimum: 0, maximum: 3600, description: `${description}, s` });
const metres = (description: string) => ({ type: 'number', minimum: 0, description: `${description}, m` });
const oneOf = (description: string, ...values: string[]) => ({ enum: values, description });
const list = (items: object, description?: string) => ({ type: 'array', items, ...(description === undefined ? {} : { description }) });
const object = (required: readonly string[], properties: object, description?: string) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
  ...(description === undefined ? {} : { description }),
});

const RECALLS = ['none', 'minimum', 'maximum', 'pedestrian', 'soft'];
const COUNTDOWNS = ['full', 'tail', 'none'];

const load = { pcu: { type: 'number', exclusiveMinimum: 0 }, persons: { type: 'number', minimum: 0 } };
const LOAD = object(['pcu', 'persons'], load);
const TRAFFIC_MIX = object(['classes', 'slow', 'row', 'mean', 'saturationPcuPerSPerM', 'jamPcuPerM'], {
  classes: list(
    object(['upToM', 'pcu', 'persons'], { upToM: metres('Longest way over the loop: time on × speed'), ...load }),
    'Pulses by length, the shortest first',
  ),
  slow: { ...LOAD, description: 'A longer pulse' },
  row: { ...LOAD, description: 'The first row of a standing queue' },
  mean: { ...LOAD, description: 'Mean of all pulses' },
  saturationPcuPerSPerM: {
    type: 'number',
    exclusiveMinimum: 0,
    description: 'Saturation flow per metre of lane width before any is measured',
  },
  jamPcuPerM: { type: 'number', exclusiveMinimum: 0, description: 'PCU that stand on a metre of a lane' },
});

/** JSON Schema (draft 2020-12) of a junction's file. Units are in the field names. */
export const SITE_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'SongXanh junction',
  ...object(
    ['id', 'position', 'groups', 'stages'],
    {
      $schema: { type: 'string' },
      id: id('Unique name; in SUMO the id of the traffic light'),
      name: { type: 'string', description: 'What people call the junction' },
      position: object(
        ['lon', 'lat'],
        { lon: { type: 'number', minimum: -180, maximum: 180 }, lat: { type: 'number', minimum: -90, maximum: 90 } },
        'WGS-84 degrees',
      ),
      timeZone: { type: 'string', description: 'IANA name, e.g. Asia/Ho_Chi_Minh; default UTC' },
      mode: oneOf('How far the suite may go here; default monitor', 'monitor', 'shadow', 'advisory', 'control'),
      headCount: { type: 'integer', minimum: 1, description: 'Number of cabinet outputs; default: the highest head + 1' },
      lanes: list(
        object(['id', 'lengthM', 'speedMps'], {
          id: id('Lane that ends at the stop line'),
          lengthM: metres('Length'),
          speedMps: { type: 'number', exclusiveMinimum: 0, description: 'Speed limit, m/s' },
          widthM: metres('Width; default 3.2'),
        }),
      ),
      movements: list(
        object(['id', 'group', 'fromLane', 'toLane', 'turn'], {
          id: id('Unique name'),
          group: id('Signal group that serves it'),
          fromLane: id('Approach lane'),
          toLane: id('Exit lane'),
          turn: oneOf('Turn', 'left', 'through', 'right', 'u-turn'),
          exitLengthM: metres('Storage of the exit lane; default 100'),
          downstreamLane: id('Approach lane of the next junction at the end of the exit road'),
        }),
      ),
      groups: {
        minItems: 1,
        ...list(
          object(['id', 'heads'], {
            id: id('Unique name'),
            kind: oneOf('Who looks at the lamps; default vehicle', 'vehicle', 'motorcycle', 'transit', 'pedestrian'),
            name: { type: 'string' },
            heads: { ...list({ type: 'integer', minimum: 0 }, 'Cabinet outputs; in SUMO link indices'), minItems: 1 },
            minGreenS: duration('Shortest green (pedestrians: walk); default 5, pedestrians 7'),
            maxGreenS: duration('Longest green while somebody else waits; default 60'),
            clearanceS: duration('Yellow, or pedestrian clearance; default from approach speed, or crossing length / walking speed'),
            minRedS: duration('Shortest red after the clearance; default 2'),
            redCapS: duration('Longest red with a waiting call; default 180, pedestrians 120'),
            countdown: object([], {
              green: oneOf('While green', ...COUNTDOWNS),
              red: oneOf('While red', ...COUNTDOWNS),
              tailS: duration('Length of a tail display; default 9'),
            }),
            leadingIntervalS: duration('Pedestrians start this much before the vehicles that must yield to them'),
          }),
        ),
      },
      conflicts: object([], {
        hard: list({ type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 }, 'Pairs that are never green together'),
        permissive: list(
          object(['yields', 'to'], { yields: id('Gives way'), to: id('Has the right of way') }),
          'Pairs that may be green together, one yielding',
        ),
      }),
      intergreensS: {
        type: 'object',
        additionalProperties: { type: 'object', additionalProperties: duration('Intergreen') },
        description: 'From the end of green of the row to the begin of green of the column, s; default clearance + 2',
      },
      crossings: list(
        object(['id', 'groups', 'lengthM'], {
          id: id('Unique name'),
          groups: { ...ids('Its group, or one per half where there is a refuge'), minItems: 1, maxItems: 2 },
          lengthM: metres('Length kerb to kerb'),
          walkingSpeedMps: { type: 'number', minimum: 0.5, maximum: 1.5, description: 'm/s; default 1.2, slow walkers 1.0' },
        }),
      ),
      stages: {
        minItems: 1,
        ...list(
          object(['id', 'green'], { id: id('Unique name'), name: { type: 'string' }, green: ids('Groups with right of way together') }),
        ),
      },
      stageOrder: oneOf('Which stage may follow which; default fixed', 'fixed', 'skips', 'free'),
      stageSequence: ids('Stages of the fixed order; default all, as listed'),
      detectors: list(
        object(['id', 'role', 'groups'], {
          id: id('Unique name; in SUMO the id of the loop; push buttons btn_<junction>_<group>'),
          role: oneOf('What it is for', 'stop-line', 'upstream', 'lane-area', 'push-button'),
          lane: id('Lane it lies in; none for push buttons'),
          groups: ids('Groups it calls and extends'),
          distanceM: metres('From the stop line to its downstream edge; default 0'),
          lengthM: metres('Length of the zone; default 1.5'),
          delayS: duration('Shorter actuations place no call; default 0'),
          extensionS: duration('The call outlasts the actuation by this; default 1.5, upstream 2.5'),
          locking: { type: 'boolean', description: 'Calls stay until served; default only for push buttons' },
          onFailure: oneOf('Recall while it is failed', ...RECALLS),
        }),
      ),
      recalls: list(object(['group', 'recall'], { group: id('Group'), recall: oneOf('Call without detection', ...RECALLS) })),
      plans: list(
        object(['name', 'cycleS', 'offsetS', 'splits'], {
          name: id('Unique name'),
          cycleS: duration('Cycle'),
          offsetS: duration('Begin of the first vehicle green of the first split, from local midnight modulo the cycle'),
          splits: {
            minItems: 1,
            ...list(object(['stage', 'durationS'], { stage: id('Stage'), durationS: duration('From its change to the next change') })),
          },
        }),
      ),
      schedule: list(
        object(['days', 'from', 'plan'], {
          days: list({ type: 'integer', minimum: 0, maximum: 6 }, '0 Sunday … 6 Saturday'),
          from: { type: 'string', pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'Local time HH:MM' },
          plan: id("A plan's name, night-flash or actuated"),
        }),
        'Default: the first plan always, or actuated where there is none',
      ),
      ringBarrier: object(['phases', 'rings'], {
        phases: list(object(['number', 'groups'], { number: { type: 'integer', minimum: 1 }, groups: ids('Groups the phase serves') })),
        rings: list(list(list({ type: 'integer', minimum: 1 })), 'rings[r][b]: phases of ring r before barrier b'),
      }),
      startUp: object([], {
        flashS: duration('Flash after power-up; default 5'),
        allRedS: duration('All-red after flash; default 3'),
        stage: id('First stage; default the first of the sequence'),
      }),
      flashYellow: ids('Groups that flash yellow at night and on faults; all others flash red'),
      weights: list(object(['lane', 'weight'], { lane: id('Lane'), weight: { type: 'number', minimum: 0 } })),
      traffic: {
        description: 'What passes the loops: a preset, or what pulses of each length stand for; default cars',
        anyOf: [{ enum: Object.keys(TRAFFIC_MIXES) }, TRAFFIC_MIX],
      },
    },
    'Everything a signalised junction must know. Safety values never come from the optimizer.',
  ),
} as const;
