const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => ENTITIES[c] ?? c);

/** Numbers have SUMO's two decimals. */
const shown = (value: string | number): string => (typeof value === 'number' ? value.toFixed(2) : escape(value));

/** A tag without content; attributes that are undefined are left out. */
export const emptyTag = (name: string, attributes: Readonly<Record<string, string | number | undefined>>): string =>
  `<${name}${Object.entries(attributes)
    .map(([key, value]) => (value === undefined ? '' : ` ${key}="${shown(value)}"`))
    .join('')}/>`;

export const documentOf = (root: string, lines: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n\n<${root}>\n${lines.map((line) => `    ${line}\n`).join('')}</${root}>\n`;
