import type { Map as MapLibre } from 'maplibre-gl';
import { LAMP_COLOUR } from '../lamps.ts';

/** Icon pixels per metre of vehicle, and how many of them are one pixel of the page; the symbol layer scales from here. */
const PX_PER_M = 8;
const PIXEL_RATIO = 2;
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

const canvas = (width: number, height: number): CanvasRenderingContext2D => {
  const element = document.createElement('canvas');
  element.width = width;
  element.height = height;
  // Read back once, never drawn on the screen: kept where reading is cheap.
  return element.getContext('2d', { willReadFrequently: true })!;
};

const pixels = (context: CanvasRenderingContext2D): ImageData => context.getImageData(0, 0, context.canvas.width, context.canvas.height);

/** A vehicle from above, heading north, its front at the anchor's side. */
const vehicleIcon = (name: string): ImageData => {
  const { lengthM, widthM, colour } = SHAPES[name] ?? SHAPES['other']!;
  const [width, height] = [Math.ceil(widthM * PX_PER_M) + 4, Math.ceil(lengthM * PX_PER_M) + 4];
  const context = canvas(width, height);
  context.fillStyle = colour;
  context.strokeStyle = '#0d1518';
  context.beginPath();
  context.roundRect(2, 2, width - 4, height - 4, [Math.min(width / 3, 8), Math.min(width / 3, 8), 2, 2]);
  context.fill();
  context.stroke();
  context.fillStyle = 'rgba(13,21,24,.55)';
  if (name !== 'motorcycle' && name !== 'bicycle') context.fillRect(5, 2 + height * 0.18, width - 10, height * 0.1);
  return pixels(context);
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

/** Draws icons when the map first asks for them: `vehicle-<class>` and `count-<lamp>-<number>`. */
export const drawMissingIcons = (map: MapLibre): void => {
  map.setMissingStyleImageResolver((id) => {
    const [family, first, second] = id.split('-');
    if (family === 'vehicle' && first) map.addImage(id, vehicleIcon(first), { pixelRatio: PIXEL_RATIO });
    if (family === 'count' && first && second) map.addImage(id, countdownIcon(first, second), { pixelRatio: 1.4 });
  });
};
