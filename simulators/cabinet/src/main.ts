import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { address, EdgeError, list, numeric, optionalText, readFiles, runProcess, text } from '@songxanh/platform';
import { parseSite } from '@songxanh/wire';
import type { Site } from '@songxanh/core';
import { openCabinets } from './app.ts';
import { deriveCard, parseCard, type CompatibilityCard } from './monitor/card.ts';
import { openFaultMemory } from './monitor/fault-memory.ts';

/** The card in the folder, where one is kept; otherwise one made from the site, and written there for review. */
const cardOf = async (site: Site, folder: string | undefined): Promise<CompatibilityCard> => {
  if (folder === undefined) return deriveCard(site);
  const file = join(folder, `${site.id.replace(/[^\w.-]/g, '_')}.card.json`);
  if (!existsSync(file)) {
    const card = deriveCard(site);
    await mkdir(folder, { recursive: true });
    await writeFile(file, `${JSON.stringify(card, null, 2)}\n`);
    return card;
  }
  const card = parseCard(await readFile(file, 'utf8'), file);
  if (!card.ok) throw new EdgeError('bad-input', card.message);
  return card.value;
};

await runProcess(
  'cabinet',
  {
    name: text('cabinet'),
    /** Site files, or folders of them. */
    sites: list(),
    /** Folder of what a cabinet keeps: its compatibility card, and a fault its monitor has latched. */
    cards: optionalText(),
    listen: address('127.0.0.1:0'),
    street: address(),
    awaitAgentsMs: numeric({ min: 0, max: 600_000, whole: true }, 15_000),
  },
  async (config, { log, onStop }) => {
    const sites = await readFiles(config.sites, '.site.json', parseSite);
    const cards = await Promise.all(sites.map((site) => cardOf(site, config.cards)));
    const faults = config.cards === undefined ? {} : { faults: openFaultMemory(config.cards) };
    const cabinets = await openCabinets({ ...config, ...faults, cards, log });
    onStop(cabinets.stop);
    log.info({ address: cabinets.served.address, junctions: cards.length }, 'ready');
  },
);
