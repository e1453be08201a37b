import type { Site } from '@songxanh/core';
import type { Store } from '@songxanh/store';
import { channels, decisionStream, proofLedger, publishLive } from '@songxanh/store';
import type { Answered } from './junction-mind.ts';
import type { RequestNews } from './request-watch.ts';

/** The reasons of the decisions that made a plan; without Redis they are lost. */
export const recordDecisions = (store: Store, answered: readonly Answered[]): void => {
  if (!store.isUp()) return;
  const records = answered.flatMap(({ decision }) => (decision?.plan === undefined ? [] : [decision.record]));
  for (const record of records) void decisionStream.append(store, record.junction, [record]);
  if (records.length > 0) void publishLive(store, channels.decisions, records);
};

/** Proofs go into the ledger of their month by the street's clocks; who asked hears of them. */
export const recordProofs = (store: Store, site: Site, news: readonly RequestNews[]): void => {
  if (news.length === 0 || !store.isUp()) return;
  const month = new Intl.DateTimeFormat('en-CA', { timeZone: site.timeZone, year: 'numeric', month: '2-digit' });
  for (const { proof, exhausted } of news) if (!exhausted) void proofLedger.append(store, month.format(proof.at), proof);
  void publishLive(store, channels.proofs, news);
};
