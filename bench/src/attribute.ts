/** Value of an attribute of one XML tag, as SUMO writes it. */
export const attribute = (tag: string, name: string): string | undefined => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
