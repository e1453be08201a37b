import { existsSync, readFileSync } from 'node:fs';
import * as client from 'openid-client';
import type { ClaimMapping, Person, Result } from '@songxanh/core';
import { personFromClaims, refuse } from '@songxanh/core';
import { EdgeError, type Log } from '@songxanh/platform';
import { parseOidcFile } from './oidc-file.ts';

/** Signing in at the city's identity provider: authorization code with PKCE, state and nonce. */
export interface Oidc {
  /** What the button says. */
  readonly label: string;
  /** How long a session lasts at most, ms. */
  readonly sessionMs: number;
  /** Where the browser goes to sign in, and the state that only this browser may come back with. */
  readonly begin: () => Promise<{ readonly url: string; readonly state: string }>;
  /** Who comes back, from the address the provider has sent the browser to; refused where the claims make nobody. */
  readonly finish: (
    query: string,
    state: string,
  ) => Promise<
    Result<{ readonly person: Person & { readonly fullName: string }; readonly subject: string; readonly endUrl: string | undefined }>
  >;
}

/** Whoever begins to sign in and does not come back within this has to begin again. */
const PENDING_MS = 10 * 60_000;
/** More than this at once, and somebody is playing. */
const MOST_PENDING = 1000;
const isLoopback = ({ hostname }: URL): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);

/** Reads the configuration; the provider itself is asked when somebody first signs in, and again while it does not answer. */
export const openOidc = (file: string, now: () => number, log: Log): Oidc => {
  if (!existsSync(file)) throw new EdgeError('bad-config', `${file}: expected the identity provider's file`);
  const settings = parseOidcFile(readFileSync(file, 'utf8'), file);
  const secret = settings.clientSecretFile === undefined ? undefined : readFileSync(settings.clientSecretFile, 'utf8').trim();
  const issuer = new URL(settings.issuer);
  const redirect = new URL('/api/oidc/callback', settings.publicUrl);
  const mapping: ClaimMapping = settings.mapping;
  const pending = new Map<string, { readonly verifier: string; readonly nonce: string; readonly at: number }>();

  let known: Promise<client.Configuration> | undefined;
  const discover = (): Promise<client.Configuration> => {
    known ??= client
      .discovery(issuer, settings.clientId, undefined, secret === undefined ? client.None() : client.ClientSecretBasic(secret), {
        // By http only to this machine itself, for a trial or a test.
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so by its makers to stand out; the file's schema lets http reach loopback only
        execute: isLoopback(issuer) ? [client.allowInsecureRequests] : [],
      })
      .catch((error: unknown) => {
        known = undefined;
        log.warn({ err: error, issuer: settings.issuer }, 'identity provider out of reach');
        throw new EdgeError('unavailable', `the identity provider ${settings.issuer} does not answer`);
      });
    return known;
  };

  return {
    label: settings.label,
    sessionMs: settings.sessionHours * 3_600_000,
    begin: async () => {
      const config = await discover();
      for (const [state, { at }] of pending) if (now() - at > PENDING_MS) pending.delete(state);
      if (pending.size >= MOST_PENDING) throw new EdgeError('too-many-requests', 'too many people are signing in: try again in a minute');
      const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
      pending.set(state, { verifier, nonce, at: now() });
      const url = client.buildAuthorizationUrl(config, {
        ...{ redirect_uri: redirect.href, scope: settings.scope, state, nonce },
        ...{ code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
      });
      return { url: url.href, state };
    },
    finish: async (query, state) => {
      const begun = pending.get(state);
      pending.delete(state);
      if (begun === undefined || now() - begun.at > PENDING_MS)
        return refuse('sign-in-stale', 'this sign-in was not begun here, or long ago');
      const config = await discover();
      try {
        const tokens = await client.authorizationCodeGrant(config, new URL(`?${query}`, redirect), {
          ...{ pkceCodeVerifier: begun.verifier, expectedState: state, expectedNonce: begun.nonce, idTokenExpected: true },
        });
        const claims = tokens.claims();
        if (claims === undefined) return refuse('sign-in-refused', 'the identity provider has sent no claims');
        // Many providers put names and roles into the user's information only.
        const { userinfo_endpoint: hasInfo, end_session_endpoint: hasEnd } = config.serverMetadata();
        const info = hasInfo === undefined ? {} : await client.fetchUserInfo(config, tokens.access_token, claims.sub);
        const person = personFromClaims(mapping, { ...claims, ...info });
        if (!person.ok) return person;
        const endUrl =
          hasEnd === undefined
            ? undefined
            : client.buildEndSessionUrl(config, {
                ...{ post_logout_redirect_uri: settings.publicUrl },
                ...(tokens.id_token === undefined ? {} : { id_token_hint: tokens.id_token }),
              }).href;
        return { ok: true, value: { person: person.value, subject: `${claims.iss} ${claims.sub}`, endUrl } };
      } catch (error) {
        log.warn({ err: error }, 'sign-in at the identity provider failed');
        return refuse('sign-in-refused', error instanceof Error ? error.message : String(error));
      }
    },
  };
};
