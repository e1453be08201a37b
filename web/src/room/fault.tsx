/** What the gateway refused, said where it was asked; a screen reader says it at once. */
export const Fault = ({ says }: { readonly says: string }) => (
  <p role="alert" className="fault">
    {says}
  </p>
);
