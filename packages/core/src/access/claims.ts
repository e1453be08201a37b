import { accept, refuse, type Result } from '../result.ts';
import type { Person, Role } from './roles.ts';

/** How an identity provider's claims become a person of the room. A claim's name may be a path: `realm_access.roles`. */
export interface ClaimMapping {
  /** The account's name; unique at the provider and not given to somebody else later. */
  readonly nameClaim: string;
  readonly fullNameClaim: string;
  readonly roleClaim: string;
  /** A value of the role claim → role; of several the first one listed here counts: nobody has two. */
  readonly roles: readonly (readonly [value: string, role: Role])[];
  /** Everybody is for the whole city where absent. */
  readonly areaClaim?: string;
  /** A value of the area claim → junctions; the values are junctions themselves where absent. */
  readonly areas?: Readonly<Record<string, readonly string[]>>;
}

/** As the journal and the locks name people. */
const NAME = /^[a-z0-9][a-z0-9._@-]{1,63}$/;

const valueAt = (claims: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined),
      claims,
    );

const textsAt = (claims: unknown, path: string): readonly string[] => {
  const value = valueAt(claims, path);
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
};

/** Who signs in, by what the identity provider says of them; nobody without a known role and an area. */
export const personFromClaims = (mapping: ClaimMapping, claims: unknown): Result<Person & { readonly fullName: string }> => {
  const name = textsAt(claims, mapping.nameClaim)[0]?.toLowerCase();
  if (name === undefined || !NAME.test(name))
    return refuse('no-name', `claim ${mapping.nameClaim}: expected a name of 2 to 64 letters, digits, . _ @ -`);
  const given = textsAt(claims, mapping.roleClaim);
  const role = mapping.roles.find(([value]) => given.includes(value))?.[1];
  if (role === undefined)
    return refuse('no-role', `claim ${mapping.roleClaim} of ${name}: expected one of ${mapping.roles.map(([value]) => value).join(', ')}`);
  const { areaClaim, areas } = mapping;
  const area =
    areaClaim === undefined
      ? ['*']
      : textsAt(claims, areaClaim).flatMap((value) =>
          areas === undefined ? [value] : Object.hasOwn(areas, value) ? (areas[value] ?? []) : [],
        );
  if (area.length === 0) return refuse('no-area', `claim ${areaClaim ?? ''} of ${name}: expected an area that is known here`);
  return accept({ name, role, area: [...new Set(area)], fullName: textsAt(claims, mapping.fullNameClaim)[0] ?? name });
};
