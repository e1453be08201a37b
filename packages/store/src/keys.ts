/**
 * Every key and channel of the suite. A junction's keys carry its id as hash tag, so that one script may touch several of them in a
 * Redis Cluster.
 */
export const keys = {
  lease: (junction: string): string => `songxanh:{${junction}}:lease`,
  observations: (junction: string): string => `songxanh:{${junction}}:observations`,
  decisions: (junction: string): string => `songxanh:{${junction}}:decisions`,
  events: (junction: string): string => `songxanh:{${junction}}:events`,
  /** Set of `kind/name` that have ever reported. */
  processes: 'songxanh:processes',
  heartbeat: (kind: string, name: string): string => `songxanh:process:${kind}/${name}`,
  /** What is weighed for the junction now, as JSON; ends by itself when it is not renewed. */
  requests: (junction: string): string => `songxanh:{${junction}}:requests`,
  /** Streams by month (yyyy-mm) of the street's clocks. */
  outcomes: (month: string): string => `songxanh:priority:${month}:outcomes`,
  proofs: (month: string): string => `songxanh:priority:${month}:proofs`,
  /** Hash: id → override as JSON. */
  overrides: 'songxanh:overrides',
  /** Hash: id → one of the control room's things as JSON. */
  room: (table: string): string => `songxanh:room:${table}`,
  /** Stream whose ids are the entries' sequence numbers. */
  journal: 'songxanh:room:journal',
} as const;

export const channels = {
  street: 'songxanh:live:street',
  comparison: 'songxanh:live:comparison',
  decisions: 'songxanh:live:decisions',
  requests: 'songxanh:live:requests',
  proofs: 'songxanh:live:proofs',
  priority: 'songxanh:live:priority',
  closures: 'songxanh:live:closures',
  outflow: 'songxanh:live:outflow',
} as const;

export type Channel = (typeof channels)[keyof typeof channels];
