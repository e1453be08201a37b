import { join } from 'node:path';
import { ROLES, type Role } from '@songxanh/core';
import { EdgeError } from '@songxanh/platform';
import { Option, type Command } from 'commander';
import { orExit } from '../or-exit.ts';
import { readPassword } from '../read-password.ts';
import { ACCOUNTS_FILE } from '../supervisor/run-folder.ts';
import { UsageFault } from '../usage-fault.ts';

interface AddFlags {
  readonly role: Role;
  readonly fullName?: string;
  readonly area: string;
}

/** Loaded only here: the other commands start without the gateway's server. */
const accountsOf = async (program: Command) => {
  const { openAccounts } = await import('@songxanh/gateway');
  return openAccounts(program.opts<{ accounts: string }>().accounts);
};

/** An edge error of the gateway is the caller's mistake here. */
const act =
  <Args extends unknown[]>(verb: string, deed: (...args: Args) => Promise<void>) =>
  (...args: Args): Promise<void> =>
    orExit(`user ${verb}`, async (...given: Args) => {
      try {
        await deed(...given);
      } catch (error) {
        throw error instanceof EdgeError ? new UsageFault(error.message) : error;
      }
    })(...args);

/** `songxanh user …`: who may sign in to the control room on this machine. */
export const registerUser = (program: Command): void => {
  const user = program
    .command('user')
    .description('accounts of the control room')
    .option('--accounts <file>', 'file of accounts', join('.run', ACCOUNTS_FILE));
  user
    .command('add')
    .description('make an account; the password is asked for, or read from a pipe')
    .argument('<name>', 'name to sign in with')
    .addOption(new Option('--role <role>', 'what the person may do').choices(ROLES).makeOptionMandatory())
    .option('--full-name <name>', 'name as people say it')
    .option('--area <junctions>', 'ids of junctions separated by commas; * for all', '*')
    .action(
      act('add', async (name: string, { role, fullName, area }: AddFlags) => {
        const accounts = await accountsOf(user);
        const password = await readPassword();
        await accounts.add({ name, role, fullName: fullName ?? name, area: area.split(',').map((id) => id.trim()), password });
        process.stdout.write(`${name} may sign in as ${role}\n`);
      }),
    );
  user
    .command('password')
    .description('set a new password; the sessions of the account end')
    .argument('<name>')
    .action(
      act('password', async (name: string) => {
        const accounts = await accountsOf(user);
        await accounts.setPassword(name, await readPassword());
        process.stdout.write(`${name} has a new password\n`);
      }),
    );
  user
    .command('remove')
    .description('remove an account; its sessions end')
    .argument('<name>')
    .action(
      act('remove', async (name: string) => {
        if (!(await accountsOf(user)).remove(name))
          throw new UsageFault(`no account ${name}: expected one of those \`songxanh user list\` shows`);
        process.stdout.write(`${name} is gone\n`);
      }),
    );
  user
    .command('list')
    .description('who may sign in, as what, where')
    .action(
      act('list', async () => {
        for (const { name, role, area, fullName } of (await accountsOf(user)).list())
          process.stdout.write(`${name}\t${role}\t${area.join(',')}\t${fullName}\n`);
      }),
    );
};
