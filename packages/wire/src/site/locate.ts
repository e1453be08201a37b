import { findNodeAtLocation, parseTree, type Node, type ParseError } from 'jsonc-parser';

const lineOfOffset = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

const memberOf = (node: Node, part: string | number): Node | undefined =>
  node.type === 'array' ? node.children?.[Number(part)] : findNodeAtLocation(node, [String(part)]);

/** For a text that is valid JSON: the line (from 1) on which the value at a path of keys and indices begins, or the last part of the path that exists. */
export const lineFinder = (text: string): ((path: readonly (string | number)[]) => number) => {
  const root = parseTree(text);
  return (path) => {
    let node = root;
    for (const part of path) {
      const member = node && memberOf(node, part);
      if (member === undefined) break;
      node = member;
    }
    return lineOfOffset(text, node?.offset ?? 0);
  };
};

/** For a text that is not JSON: the line of the first thing that is wrong; `JSON.parse` does not always tell. */
export const lineOfSyntaxError = (text: string): number => {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true });
  return lineOfOffset(text, errors[0]?.offset ?? text.length);
};
