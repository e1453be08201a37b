/** A figure as SVG: lines over a common axis, with a legend at their side. */
export interface LineChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] }[];
  /** How a value of x is written. */
  readonly formatX?: (x: number) => string;
}

const SIZE = { width: 720, height: 360 };
const FRAME = { left: 60, right: 560, top: 40, bottom: 310 };
/** Okabe and Ito (2008): told apart by colour-blind readers too. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];
const TICKS = 6;

/** 1, 2 or 5 times a power of ten, so that about `TICKS` ticks reach `span`. */
const tickStep = (span: number): number => {
  const raw = Math.max(span, 1e-9) / TICKS;
  const power = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
};

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

export const drawLineChart = ({ title, xLabel, yLabel, series, formatX = String }: LineChart): string => {
  const points = series.flatMap((one) => one.points);
  const xs = points.map(([x]) => x);
  const [xMin, xMax] = [Math.min(...xs), Math.max(...xs)];
  const yStep = tickStep(Math.max(...points.map(([, y]) => y)));
  const yMax = Math.ceil(Math.max(...points.map(([, y]) => y), yStep) / yStep) * yStep;
  const atX = (x: number): string => (FRAME.left + ((x - xMin) / Math.max(1e-9, xMax - xMin)) * (FRAME.right - FRAME.left)).toFixed(1);
  const atY = (y: number): string => (FRAME.bottom - (y / yMax) * (FRAME.bottom - FRAME.top)).toFixed(1);
  const xTicks = [...new Set(xs)].sort((a, b) => a - b);
  const every = Math.ceil(xTicks.length / TICKS);
  const text = (x: string | number, y: string | number, words: string, anchor = 'middle', more = ''): string =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}"${more}>${escape(words)}</text>`;
  const middle = (FRAME.top + FRAME.bottom) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${SIZE.width}" height="${SIZE.height}" fill="#fff"/>`,
    text(FRAME.left, 22, title, 'start', ' font-size="15"'),
    ...Array.from({ length: Math.round(yMax / yStep) + 1 }, (_, i) => i * yStep).flatMap((y) => [
      `<path d="M${FRAME.left} ${atY(y)}H${FRAME.right}" stroke="#ddd"/>`,
      text(FRAME.left - 8, Number(atY(y)) + 4, String(Math.round(y * 100) / 100), 'end'),
    ]),
    ...xTicks.filter((_, i) => i % every === 0).map((x) => text(atX(x), FRAME.bottom + 18, formatX(x))),
    text((FRAME.left + FRAME.right) / 2, FRAME.bottom + 38, xLabel),
    text(16, middle, yLabel, 'middle', ` transform="rotate(-90 16 ${middle})"`),
    ...series.flatMap(({ name, points: own }, i) => {
      const colour = COLOURS[i % COLOURS.length]!;
      const legend = FRAME.top + 10 + 20 * i;
      return [
        `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${own.map(([x, y]) => `${atX(x)},${atY(y)}`).join(' ')}"/>`,
        `<path d="M${FRAME.right + 14} ${legend}h20" stroke="${colour}" stroke-width="3"/>`,
        text(FRAME.right + 40, legend + 4, name, 'start'),
      ];
    }),
    '</svg>\n',
  ].join('\n');
};
