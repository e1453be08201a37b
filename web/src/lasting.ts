import { useEffect, useState } from 'react';

/** True once `is` has held for so long: what passes by itself is no news. */
export const useLasting = (is: boolean, forMs: number): boolean => {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    setLasts(false);
    if (!is) return;
    const timer = setTimeout(() => setLasts(true), forMs);
    return () => clearTimeout(timer);
  }, [is, forMs]);
  return is && lasts;
};
