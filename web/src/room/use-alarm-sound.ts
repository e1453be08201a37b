import { useEffect, useRef } from 'react';
import { callsForSomebody } from './alarm-order.ts';
import type { RoomView } from './room-feed.ts';

/** Two short tones, again every 10 s while a critical alarm calls for somebody. */
const AGAIN_MS = 10_000;

const beep = (context: AudioContext): void => {
  [880, 660].forEach((frequency, k) => {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.value = 0.15;
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + k * 0.25);
    tone.stop(context.currentTime + k * 0.25 + 0.2);
  });
};

/** Browsers let a page sound only after somebody has touched it: signing in does. */
export const useAlarmSound = (room: RoomView, on: boolean): void => {
  const context = useRef<AudioContext>(undefined);
  const now = Date.now() + room.skewMs;
  const calling = on && (room.state?.alarms ?? []).some((alarm) => alarm.severity === 'critical' && callsForSomebody(alarm, now));
  useEffect(() => {
    if (!calling) return;
    context.current ??= new AudioContext();
    const { current } = context;
    beep(current);
    const timer = setInterval(() => beep(current), AGAIN_MS);
    return () => clearInterval(timer);
  }, [calling]);
};
