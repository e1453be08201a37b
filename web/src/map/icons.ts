import type { Map as MapLibre } from 'maplibre-gl';
import { LAMP_COLOUR } from '../lamps.ts';

/** Icon pixels per metre of vehicle, and how many of them are one pixel of the page; layers scale from here. */
const PX_PER_M = 8;
export const PIXEL_RATIO = 2;
export const ICON_PX_PER_M = PX_PER_M / PIXEL_RATIO;

const SHAPES: Readonly<Record<string, { lengthM: number; widthM: number; colour: string }>> = {
  passenger: { lengthM: 4.6, widthM: 1.8, colour: '#dfe9ec' },
  motorcycle: { lengthM: 1.9, widthM: 0.7, colour: '#8fe3ff' },
  bus: { lengthM: 11, widthM: 2.5, colour: '#5aa9ff' },
  truck: { lengthM: 7.5, widthM: 2.4, colour: '#c9b79a' },
  bicycle: { lengthM: 1.6, widthM: 0.6, colour: '#b7f0c6' },
  emergency: { lengthM: 6, widthM: 2.2, colour: '#ff6b6b' },
  other: { lengthM: 4.6, widthM: 1.8, colour: '#9fb3ba' },
};

let drawing: CanvasRenderingContext2D | undefined;

/** One canvas for all icons, cleared for each: to open one costs the page some frames. */
const canvas = (width: number, height: number): CanvasRenderingContext2D => {
  // Read back, never drawn on the screen: kept where reading is cheap.
  drawing ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  Object.assign(drawing.canvas, { width, height });
  return drawing;
};

const pixels = (context: CanvasRenderingContext2D): ImageData => context.getImageData(0, 0, context.canvas.width, context.canvas.height);

/** Each kind's vehicle from above, heading north: one beside the other in cells of one size, each at the left top of its cell. */
export const vehicleIcons = (kinds: readonly string[]): { readonly image: ImageData; readonly sizes: readonly [number, number][] } => {
  const shapes = kinds.map((name) => SHAPES[name] ?? SHAPES['other']!);
  const sizes = shapes.map(({ lengthM, widthM }): [number, number] => [
    Math.ceil(widthM * PX_PER_M) + 4,
    Math.ceil(lengthM * PX_PER_M) + 4,
  ]);
  const cell = Math.max(...sizes.map(([width]) => width));
  const context = canvas(cell * kinds.length, Math.max(...sizes.map(([, height]) => height)));
  context.strokeStyle = '#0d1518';
  sizes.forEach(([width, height], k) => {
    const left = cell * k;
    const round = Math.min(width / 3, 8);
    context.fillStyle = shapes[k]!.colour;
    context.beginPath();
    context.roundRect(left + 2, 2, width - 4, height - 4, [round, round, 2, 2]);
    context.fill();
    context.stroke();
    context.fillStyle = 'rgba(13,21,24,.55)';
    if (shapes[k]!.widthM > 1) context.fillRect(left + 5, 2 + height * 0.18, width - 10, height * 0.1);
  });
  return { image: pixels(context), sizes };
};

const countdownIcon = (lamp: string, number: string): ImageData => {
  const context = canvas(40, 28);
  context.fillStyle = 'rgba(8,12,14,.92)';
  context.beginPath();
  context.roundRect(0, 0, 40, 28, 5);
  context.fill();
  context.fillStyle = LAMP_COLOUR[lamp] ?? '#fff';
  context.font = 'bold 20px ui-monospace, monospace';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(number, 20, 15);
  return pixels(context);
};

/** A bus with its line, and how late it is in minutes where that is known: amber from 2, red from 5. */
const busIcon = (line: string, minutes: string): ImageData => {
  const late = Number(minutes);
  const words = minutes === '' || late === 0 ? line : `${line} ${late > 0 ? '+' : '−'}${Math.abs(late)}′`;
  const context = canvas(24 + words.length * 15, 40);
  context.fillStyle = minutes === '' || late < 2 ? '#1d4f8f' : late < 5 ? '#8a5a00' : '#8f1d2c';
  context.strokeStyle = '#ffffff';
  context.lineWidth = 2;
  context.beginPath();
  context.roundRect(2, 2, context.canvas.width - 4, 36, 10);
  context.fill();
  context.stroke();
  context.fillStyle = '#ffffff';
  context.font = 'bold 24px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(words, context.canvas.width / 2, 21);
  return pixels(context);
};

const emergencyIcon = (): ImageData => {
  const context = canvas(44, 44);
  context.fillStyle = '#d3202f';
  context.strokeStyle = '#ffffff';
  context.lineWidth = 3;
  context.beginPath();
  context.arc(22, 22, 19, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  context.fillStyle = '#ffffff';
  context.fillRect(19, 10, 6, 24);
  context.fillRect(10, 19, 24, 6);
  return pixels(context);
};

/** Draws icons when the map first asks for them: `count-<lamp>-<number>`, `bus|<line>|<minutes late>` and `emergency`. */
export const drawMissingIcons = (map: MapLibre): void => {
  map.setMissingStyleImageResolver((id) => {
    const [kind, line = '', minutes = ''] = id.split('|');
    if (kind === 'bus') map.addImage(id, busIcon(line, minutes), { pixelRatio: PIXEL_RATIO });
    if (id === 'emergency') map.addImage(id, emergencyIcon(), { pixelRatio: PIXEL_RATIO });
    const [family, first, second] = id.split('-');
    if (family === 'count' && first && second) map.addImage(id, countdownIcon(first, second), { pixelRatio: 1.4 });
  });
};
