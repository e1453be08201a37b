/** Drawn here, so that they look alike on machines without a font of pictures. */
const PATHS = {
  lock: 'M5 7V5a3 3 0 0 1 6 0v2h1v6H4V7zm2 0h2V5a1 1 0 0 0-2 0z',
  key: 'M10.500 1.500a4 4 0 1 0 0 8 4 4 0 0 0 0-8zm0 2.500a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3zM7.300 7.300l1.400 1.400L4.500 13H2v-2.500z',
  bell: 'M8 1.5c2.5 0 4 2 4 4.5v3l1.5 2v1h-11v-1L4 9V6c0-2.5 1.500-4.500 4-4.500zM6.500 13h3a1.500 1.500 0 0 1-3 0z',
  silent: 'M8 1.500c2.500 0 4 2 4 4.500v3l1.500 2v1h-11v-1L4 9V6c0-2.500 1.500-4.500 4-4.500zM1.500 2.500l1-1 12 12-1 1z',
  past: 'M8 2 3 8l5 6V2zm6 0L9 8l5 6z',
} as const;

export const Icon = ({ name }: { readonly name: keyof typeof PATHS }) => (
  <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d={PATHS[name]} fill="currentColor" fillRule="evenodd" />
  </svg>
);
