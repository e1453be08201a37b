import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/** Line (from 1) of a character offset. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** Line of the first of these members that the object in `text` has, else of the object. */
export const lineOfMember = (text: string, ...keys: readonly string[]): number => {
  const root = parseTree(text);
  const found = keys.flatMap((key) => (root && findNodeAtLocation(root, [key])) ?? [])[0] ?? root;
  return lineAt(text, found?.offset ?? 0);
};
