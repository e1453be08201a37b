const NAME = 'songxanh_session';

/** The session's token in a Cookie header. */
export const readCookie = (header: string | undefined): string | undefined =>
  header
    ?.split(';')
    .map((pair) => pair.trim().split('='))
    .find(([name]) => name === NAME)?.[1];

/** Sent back to this server's own pages only, unseen by scripts; `secure` where the page comes by https. */
export const writeCookie = (token: string, maxAgeS: number, secure: boolean): string =>
  [`${NAME}=${token}`, 'Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${String(maxAgeS)}`, ...(secure ? ['Secure'] : [])].join('; ');
