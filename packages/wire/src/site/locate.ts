/** Line (from 1) of a character offset. */
export const lineOfOffset = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * Line on which the value at a path of keys and indices begins, in a text that is valid JSON. Where the path leaves the document,
 * the line of the last part that exists.
 */
export const lineOfPath = (text: string, path: readonly string[]): number => {
  const stack: { readonly array: boolean; index: number; key: string | undefined }[] = [];
  let matched = 0;
  let line = 1;
  const visit = (offset: number): void => {
    const here = stack.map((s) => (s.array ? String(s.index) : (s.key ?? '')));
    if (here.length <= matched || here.length > path.length || here.some((part, i) => part !== path[i])) return;
    matched = here.length;
    line = lineOfOffset(text, offset);
  };
  for (const { 0: token, index: offset } of text.matchAll(TOKEN)) {
    const top = stack.at(-1);
    if (token === '}' || token === ']') stack.pop();
    else if (token === ',') {
      if (top?.array) top.index++;
      else if (top) top.key = undefined;
    } else if (token !== ':') {
      if (top && !top.array && top.key === undefined) top.key = JSON.parse(token) as string;
      else {
        visit(offset);
        if (token === '{') stack.push({ array: false, index: 0, key: undefined });
        if (token === '[') stack.push({ array: true, index: 0, key: undefined });
      }
    }
  }
  return line;
};
