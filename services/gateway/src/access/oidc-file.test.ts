import { parseOidcFile } from './oidc-file.ts';

const good = {
  ...{ issuer: 'https://id.city.example/realms/city', clientId: 'songxanh', publicUrl: 'https://room.city.example' },
  ...{ roleClaim: 'groups', roles: { 'signal-operators': 'operator', inspectors: 'auditor' } },
};

describe("the identity provider's file", () => {
  test('needs an issuer, a client, an address and roles; the rest has usual values', () => {
    expect(parseOidcFile(JSON.stringify(good), 'oidc.json')).toMatchObject({
      ...{ label: 'id.city.example', scope: 'openid profile', sessionHours: 8 },
      mapping: {
        ...{ nameClaim: 'preferred_username', roleClaim: 'groups' },
        roles: [
          ['signal-operators', 'operator'],
          ['inspectors', 'auditor'],
        ],
      },
    });
  });

  test.each<[string, object, RegExp]>([
    ['a role that does not exist', { roles: { x: 'admin' } }, /oidc\.json: \/roles\/x: .*operator/],
    ['a provider over the open network without https', { issuer: 'http://id.city.example' }, /\/issuer: must match/],
    ['an address without https', { publicUrl: 'http://room.city.example' }, /\/publicUrl: must match/],
    ['a session longer than a shift', { sessionHours: 24 }, /\/sessionHours: must be <= 12/],
    ['a word it does not know', { secret: 'x' }, /the whole: must NOT have additional properties/],
    ['scopes without openid', { scope: 'profile' }, /\/scope: must match/],
  ])('refuses %s', (_, change, message) => {
    expect(() => parseOidcFile(JSON.stringify({ ...good, ...change }), 'oidc.json')).toThrow(message);
  });

  test('says where it is no JSON', () => {
    expect(() => parseOidcFile('{', 'oidc.json')).toThrow(/oidc\.json: .*expected JSON/);
  });
});
