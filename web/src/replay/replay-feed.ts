import type { LiveMessage } from '@songxanh/wire/live';
import type { ReplaySegment } from '@songxanh/wire/room';
import type { Live } from '../live/live-feed.ts';
import { applyMessage, type PageState } from '../live/live-state.ts';

const TICK_MS = 100;

export const parseSegment = (text: string): readonly LiveMessage[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LiveMessage);

/** The page as it was at `at`: the minute's snapshot and what changed up to then. */
export const stateAt = (messages: readonly LiveMessage[], at: number): PageState | undefined =>
  messages.reduce<PageState | undefined>(
    (state, message, k) => (k === 0 || message.at <= at ? applyMessage(state, message) : state),
    undefined,
  );

export interface ReplayView {
  readonly segments: readonly ReplaySegment[];
  /** Street time. */
  readonly at: number;
  readonly speed: number;
  readonly playing: boolean;
  readonly fault: string;
}

/** Plays a recorded interval on the same map: what it tells its subscribers looks like the live feed. */
export class ReplayFeed {
  private live: Live = { connection: 'open', state: undefined };
  private view: ReplayView;
  private readonly listeners = new Set<() => void>();
  private readonly timer: number;
  private loaded: { readonly segment: ReplaySegment; readonly messages: readonly LiveMessage[] } | undefined;
  /** Messages of the loaded segment that are shown. */
  private shown = 0;
  private loading = false;

  private readonly readFile: (file: string) => Promise<string>;

  constructor(segments: readonly ReplaySegment[], readFile: (file: string) => Promise<string>) {
    this.readFile = readFile;
    this.view = { segments, at: segments[0]?.from ?? 0, speed: 1, playing: false, fault: '' };
    this.timer = window.setInterval(() => this.tick(), TICK_MS);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): Live => this.live;
  readonly readView = (): ReplayView => this.view;

  close(): void {
    window.clearInterval(this.timer);
    this.listeners.clear();
  }

  play(playing: boolean): void {
    this.set({ playing });
  }

  setSpeed(speed: number): void {
    this.set({ speed });
  }

  /** Jumps to the recorded moment nearest to `at`. */
  async seek(at: number): Promise<void> {
    const { segments } = this.view;
    const segment = segments.find(({ from, to }) => at >= from && at <= to) ?? segments.find(({ from }) => from >= at) ?? segments.at(-1);
    if (segment === undefined || this.loading) return;
    const moment = Math.min(Math.max(at, segment.from), segment.to);
    if (this.loaded?.segment !== segment) {
      this.loading = true;
      try {
        this.loaded = { segment, messages: parseSegment(await this.readFile(segment.file)) };
      } catch (error) {
        this.set({ playing: false, fault: (error as Error).message });
        return;
      } finally {
        this.loading = false;
      }
    }
    const { messages } = this.loaded;
    const later = messages.findIndex((message, k) => k > 0 && message.at > moment);
    this.shown = later < 0 ? messages.length : later;
    this.live = { connection: 'open', state: stateAt(messages, moment) };
    this.set({ at: moment, fault: '' });
  }

  private tick(): void {
    if (!this.view.playing || this.loading || this.loaded === undefined) return;
    const at = this.view.at + TICK_MS * this.view.speed;
    const { segment, messages } = this.loaded;
    if (at > segment.to) {
      const next = this.view.segments.find(({ from }) => from >= segment.to);
      if (next === undefined) this.set({ playing: false });
      else void this.seek(Math.max(at, next.from));
      return;
    }
    let { state } = this.live;
    for (let message = messages[this.shown]; message !== undefined && message.at <= at; message = messages[this.shown]) {
      state = applyMessage(state, message);
      this.shown += 1;
    }
    this.live = { connection: 'open', state };
    this.set({ at });
  }

  private set(change: Partial<ReplayView>): void {
    this.view = { ...this.view, ...change };
    this.listeners.forEach((listener) => listener());
  }
}
