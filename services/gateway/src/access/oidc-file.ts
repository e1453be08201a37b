import { Ajv } from 'ajv';
import type { ClaimMapping, Role } from '@songxanh/core';
import { ROLES } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** File with the client's secret; a public client (PKCE alone) where absent. */
  readonly clientSecretFile?: string;
  /** Where people find the room: the provider sends them back to `<publicUrl>/api/oidc/callback`. */
  readonly publicUrl: string;
  readonly label: string;
  readonly scope: string;
  readonly sessionHours: number;
  readonly mapping: ClaimMapping;
}

type OidcFile = Omit<OidcSettings, 'label' | 'scope' | 'sessionHours' | 'mapping'> &
  Partial<Pick<OidcSettings, 'label' | 'scope' | 'sessionHours'>> & {
    readonly nameClaim?: string;
    readonly fullNameClaim?: string;
    readonly roleClaim: string;
    readonly roles: Readonly<Record<string, Role>>;
    readonly areaClaim?: string;
    readonly areas?: Readonly<Record<string, readonly string[]>>;
  };

const text = { type: 'string', minLength: 1 } as const;
const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['issuer', 'clientId', 'publicUrl', 'roleClaim', 'roles'],
  properties: {
    issuer: { type: 'string', pattern: '^https://|^http://(127\\.0\\.0\\.1|localhost)[:/]' },
    clientId: text,
    clientSecretFile: text,
    publicUrl: { type: 'string', pattern: '^https://|^http://(127\\.0\\.0\\.1|localhost)[:/]' },
    label: text,
    scope: { type: 'string', pattern: '(^| )openid( |$)' },
    // No longer than the session of an account of the box (sessions.ts).
    sessionHours: { type: 'number', exclusiveMinimum: 0, maximum: 12 },
    nameClaim: text,
    fullNameClaim: text,
    roleClaim: text,
    roles: { type: 'object', minProperties: 1, additionalProperties: { enum: ROLES } },
    areaClaim: text,
    areas: { type: 'object', additionalProperties: { type: 'array', items: text } },
  },
} as const;
const isOidcFile = new Ajv().compile<OidcFile>(SCHEMA);

const parseJson = (content: string, file: string): unknown => {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new EdgeError('bad-config', `${file}: ${(error as Error).message}: expected JSON`);
  }
};

/** The identity provider's file; what is wrong is said with its place. */
export const parseOidcFile = (content: string, file: string): OidcSettings => {
  const read = parseJson(content, file);
  if (!isOidcFile(read)) {
    const [error] = isOidcFile.errors ?? [];
    const allowed = (error?.params as { allowedValues?: readonly string[] } | undefined)?.allowedValues;
    throw new EdgeError(
      'bad-config',
      `${file}: ${error?.instancePath === '' ? 'the whole' : (error?.instancePath ?? '')}: ${error?.message ?? 'not usable'}${allowed === undefined ? '' : `: ${allowed.join(', ')}`}`,
    );
  }
  const { label, scope, sessionHours, nameClaim, fullNameClaim, roleClaim, roles, areaClaim, areas, ...rest } = read;
  return {
    ...rest,
    label: label ?? new URL(rest.issuer).host,
    scope: scope ?? 'openid profile',
    sessionHours: sessionHours ?? 8,
    mapping: {
      nameClaim: nameClaim ?? 'preferred_username',
      fullNameClaim: fullNameClaim ?? 'name',
      roleClaim,
      roles: Object.entries(roles),
      ...(areaClaim === undefined ? {} : { areaClaim }),
      ...(areas === undefined ? {} : { areas }),
    },
  };
};
