/** Browsers send the origin of the page with a write and with a WebSocket, where no CORS protects: another site's page may do neither. */
export const isOwnPage = (origin: string | undefined, host: string | undefined): boolean =>
  origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
