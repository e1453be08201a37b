import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { makeFirstAccount, Refused, signIn } from '../live/api.ts';
import { Fault } from '../room/fault.tsx';

interface Props {
  readonly hasAccounts: boolean;
  readonly provider: string | undefined;
  /** Why signing in at the provider failed: a code; '' where it did not. */
  readonly refused: string;
  readonly onSignedIn: () => void;
  readonly onClose: () => void;
}

const ROLES = ['operator', 'duty-officer', 'engineer', 'maintainer', 'transit-operator', 'data-steward', 'auditor'] as const;

/** A dialog: name and password, or the first account of all. */
export const SignIn = ({ hasAccounts, provider, refused, onSignedIn, onClose }: Props) => {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const [fault, setFault] = useState(refused === '' ? '' : t(`room.refused.${refused}`, { defaultValue: refused }));
  const [busy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);

  const submit = (form: FormData): void => {
    const text = (field: string): string => form.get(field) as string;
    const [name, password] = [text('name'), text('password')];
    setBusy(true);
    setFault('');
    const first = hasAccounts ? Promise.resolve() : makeFirstAccount(text('token'), { name, password, role: text('role') });
    first
      .then(() => signIn(name, password))
      .then(
        () => {
          onSignedIn();
          onClose();
        },
        (error: unknown) => {
          setBusy(false);
          setFault(
            error instanceof Refused && error.status === 401
              ? t(hasAccounts ? 'room.wrongPassword' : 'room.wrongToken')
              : (error as Error).message,
          );
        },
      );
  };
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit(new FormData(event.currentTarget));
        }}
      >
        <h2 id="sign-in">{t(hasAccounts ? 'room.signIn' : 'room.firstAccount')}</h2>
        {provider !== undefined && (
          <>
            <a className="button primary" href="/api/oidc/login">
              {t('room.signInWith', { provider })}
            </a>
            <p className="dim">{t('room.orPassword')}</p>
          </>
        )}
        {!hasAccounts && (
          <>
            <p className="dim">{t('room.firstAccountHelp')}</p>
            <label>
              {t('room.token')}
              <input name="token" required autoComplete="off" />
            </label>
            <label>
              {t('room.role')}
              <select name="role" defaultValue="operator">
                {ROLES.map((role) => (
                  <option key={role} value={role}>
                    {t(`room.roles.${role}`)}
                  </option>
                ))}
              </select>
            </label>
          </>
        )}
        <label>
          {t('room.name')}
          <input name="name" required autoFocus autoComplete="username" autoCapitalize="none" spellCheck={false} />
        </label>
        <label>
          {t('room.password')}
          <input name="password" type="password" required autoComplete={hasAccounts ? 'current-password' : 'new-password'} />
        </label>
        <Fault says={fault} />
        <div className="row">
          <button type="submit" className="primary" disabled={busy}>
            {t(busy ? 'room.moment' : hasAccounts ? 'room.signIn' : 'room.makeAccount')}
          </button>
          <button type="button" onClick={onClose}>
            {t('room.cancel')}
          </button>
        </div>
      </form>
    </dialog>
  );
};
