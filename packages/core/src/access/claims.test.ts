import { personFromClaims, type ClaimMapping } from './claims.ts';

const mapping: ClaimMapping = {
  ...{ nameClaim: 'preferred_username', fullNameClaim: 'name', roleClaim: 'realm_access.roles', areaClaim: 'district' },
  roles: [
    ['duty', 'duty-officer'],
    ['signals', 'operator'],
  ],
  areas: { west: ['J1', 'J2'], north: ['J2', 'J3'] },
};
const lan = { preferred_username: 'Lan.Nguyen', name: 'Nguyễn Thị Lan', realm_access: { roles: ['signals', 'mail'] }, district: 'west' };

describe('a person by the claims of an identity provider', () => {
  test('has the role and the area that the mapping says', () => {
    expect(personFromClaims(mapping, lan)).toEqual({
      ok: true,
      value: { name: 'lan.nguyen', fullName: 'Nguyễn Thị Lan', role: 'operator', area: ['J1', 'J2'] },
    });
  });

  test('has one role: the first that the mapping lists', () => {
    expect(personFromClaims(mapping, { ...lan, realm_access: { roles: ['signals', 'duty'] } })).toMatchObject({
      value: { role: 'duty-officer' },
    });
  });

  test('has all areas given, each junction once', () => {
    expect(personFromClaims(mapping, { ...lan, district: ['west', 'north', 'elsewhere'] })).toMatchObject({
      value: { area: ['J1', 'J2', 'J3'] },
    });
  });

  test('is for the whole city where no area is mapped, and for the junctions named where they are the values', () => {
    const { nameClaim, fullNameClaim, roleClaim, roles } = mapping;
    const whole: ClaimMapping = { nameClaim, fullNameClaim, roleClaim, roles };
    const named: ClaimMapping = { ...whole, areaClaim: 'district' };
    expect(personFromClaims(named, { ...lan, district: ['J7'] })).toMatchObject({ value: { area: ['J7'] } });
    expect(personFromClaims(whole, lan)).toMatchObject({ value: { area: ['*'] } });
  });

  test.each<[string, object, string]>([
    ['without a role that is known here', { ...lan, realm_access: { roles: ['mail'] } }, 'no-role'],
    ['without any role', { ...lan, realm_access: 'signals' }, 'no-role'],
    ['without an area that is known here', { ...lan, district: 'elsewhere' }, 'no-area'],
    ['by a word every object has', { ...lan, district: 'constructor' }, 'no-area'],
    ['without a name', { ...lan, preferred_username: undefined }, 'no-name'],
    ['with a name that could be mistaken', { ...lan, preferred_username: 'machine:token' }, 'no-name'],
  ])('is nobody %s', (_, claims, reason) => {
    expect(personFromClaims(mapping, claims)).toMatchObject({ ok: false, reason });
  });
});
