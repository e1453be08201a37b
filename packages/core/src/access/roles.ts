import { accept, refuse, type Result } from '../result.ts';

/**
 * Who works with the suite. Since 1 Jan 2025 Vietnam's traffic police operate signals while the city owns and maintains them, so no role may
 * do everything; the public needs none.
 */
export const ROLES = ['operator', 'duty-officer', 'engineer', 'maintainer', 'transit-operator', 'data-steward', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

export const DEEDS = [
  'watch',
  'command',
  'take-over',
  'handle-alarms',
  'reset-fault',
  'run-playbook',
  'drill',
  'announce-works',
  'answer-reports',
  'read-audit',
] as const;
export type Deed = (typeof DEEDS)[number];

const MAY: Readonly<Record<Role, readonly Deed[]>> = {
  operator: ['watch', 'command', 'handle-alarms', 'run-playbook', 'drill'],
  'duty-officer': [
    'watch',
    'command',
    'take-over',
    'handle-alarms',
    'run-playbook',
    'drill',
    'announce-works',
    'answer-reports',
    'read-audit',
  ],
  engineer: ['watch', 'handle-alarms', 'drill'],
  maintainer: ['watch', 'handle-alarms', 'reset-fault', 'announce-works'],
  'transit-operator': ['watch'],
  'data-steward': ['watch', 'answer-reports'],
  auditor: ['watch', 'read-audit'],
};

export const deedsOf = (role: Role): readonly Deed[] => MAY[role];

/** A person as far as permission goes: a role, in an area. */
export interface Person {
  readonly name: string;
  readonly role: Role;
  /** Ids of the junctions of the area; `*` for all. */
  readonly area: readonly string[];
}

export const isInArea = ({ area }: Person, junction: string): boolean => area.includes('*') || area.includes(junction);

/** May this person do this, at this junction where it concerns one? */
export const mayDo = (person: Person, deed: Deed, junction?: string): Result<true> => {
  if (!MAY[person.role].includes(deed)) return refuse('wrong-role', `${person.name} is ${person.role}, who may not ${deed}`);
  if (junction !== undefined && !isInArea(person, junction))
    return refuse('outside-area', `${junction} is outside the area of ${person.name}: ${person.area.join(', ')}`);
  return accept(true);
};

/** Who may take a junction from whom: the higher one from the lower one. */
const RANK: Readonly<Record<Role, number>> = {
  'duty-officer': 2,
  operator: 1,
  engineer: 0,
  maintainer: 0,
  'transit-operator': 0,
  'data-steward': 0,
  auditor: 0,
};

export const outranksRole = (a: Role, b: Role): boolean => RANK[a] > RANK[b];
