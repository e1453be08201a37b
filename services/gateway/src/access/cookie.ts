const NAME = 'songxanh_session';
export const STATE_COOKIE = 'songxanh_sign_in';

/** Twelve hours, as long as a session can last. */
export const COOKIE_S = 12 * 3600;
/** Whoever signs in at the identity provider has this long. */
const STATE_S = 600;

export const readNamedCookie = (wanted: string, header: string | undefined): string | undefined =>
  header
    ?.split(';')
    .map((pair) => pair.trim().split('='))
    .find(([name]) => name === wanted)?.[1];

/** The session's token in a Cookie header. */
export const readCookie = (header: string | undefined): string | undefined => readNamedCookie(NAME, header);

/** Sent back to this server's own pages only, unseen by scripts; `secure` where the page comes by https. */
export const writeCookie = (token: string, maxAgeS: number, secure: boolean): string =>
  [`${NAME}=${token}`, 'Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${String(maxAgeS)}`, ...(secure ? ['Secure'] : [])].join('; ');

/** The state of a sign-in that is under way; `Lax`, since it is another site, the provider, that sends the browser back. '' ends it. */
export const writeStateCookie = (state: string, secure: boolean): string =>
  [
    `${STATE_COOKIE}=${state}`,
    ...['Path=/api/oidc', 'HttpOnly', 'SameSite=Lax', `Max-Age=${String(state === '' ? 0 : STATE_S)}`],
    ...(secure ? ['Secure'] : []),
  ].join('; ');
