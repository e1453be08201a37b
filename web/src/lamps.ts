/** How the page shows each live lamp letter: never by colour alone. */
export const LAMP_COLOUR: Readonly<Record<string, string>> = {
  r: '#f0525f',
  G: '#27d17f',
  g: '#a5e65a',
  y: '#ffc53d',
  f: '#ffc53d',
  F: '#f0525f',
  d: '#5b6b73',
};

export const LAMP_NAME: Readonly<Record<string, string>> = {
  r: 'red',
  G: 'green',
  g: 'permissive',
  y: 'clearance',
  f: 'flashYellow',
  F: 'flashRed',
  d: 'dark',
};

/** Shape inside the lamp, so that it reads without colour. */
export const LAMP_MARK: Readonly<Record<string, string>> = { r: '■', G: '▲', g: '△', y: '◆', f: '◇', F: '□', d: '×' };
