/** Value of an attribute of one XML tag as SUMO writes it; empty where the tag has none. */
export const attribute = (tag: string, name: string): string => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
