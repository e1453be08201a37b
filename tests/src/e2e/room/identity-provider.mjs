/** A real OpenID provider on loopback: `node identity-provider.mjs <port> <address of the room>`. Any password will do; names decide. */
import { randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';

const [port, room] = process.argv.slice(2);
const PEOPLE = {
  mai: { name: 'Trần Thị Mai', groups: ['signals', 'mail'], district: 'centre' },
  quan: { name: 'Lê Quân', groups: ['mail'], district: 'centre' },
};
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: 'songxanh',
      client_secret: 'the secret of the test',
      redirect_uris: [`${room}/api/oidc/callback`],
      post_logout_redirect_uris: [room],
    },
  ],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups', 'district'] },
  cookies: { keys: [randomBytes(16).toString('hex')] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id, ...PEOPLE[id] }) }),
});
provider.listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));
