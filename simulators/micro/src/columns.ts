/** Numbers by index; a structure of arrays holds several of one length. */
export type Column = Float64Array | Int32Array | Uint32Array | Uint8Array | Int8Array;
export type Columns = Readonly<Record<string, Column>>;

/** The columns of a structure of arrays by name. */
export const columnsOf = (structure: object): Columns =>
  Object.fromEntries(Object.entries(structure).filter((entry): entry is [string, Column] => ArrayBuffer.isView(entry[1])));

/** A copy of the first `count` entries of each column. */
export const copyColumns = (structure: object, count?: number): Columns =>
  Object.fromEntries(Object.entries(columnsOf(structure)).map(([name, column]) => [name, column.slice(0, count)]));

/** Puts copied entries back. */
export const setColumns = (structure: object, columns: Columns): void => {
  for (const [name, column] of Object.entries(columnsOf(structure))) column.set(columns[name]!);
};
