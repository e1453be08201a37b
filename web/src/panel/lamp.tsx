import { useTranslation } from 'react-i18next';
import { LAMP_COLOUR, LAMP_MARK, LAMP_NAME } from '../lamps.ts';

export const Lamp = ({ letter }: { readonly letter: string }) => {
  const { t } = useTranslation();
  const name = t(`lamp.${LAMP_NAME[letter] ?? 'dark'}`);
  return (
    <span className="lamp" style={{ background: LAMP_COLOUR[letter] ?? LAMP_COLOUR['d'] }} role="img" aria-label={name} title={name}>
      {LAMP_MARK[letter] ?? '×'}
    </span>
  );
};
