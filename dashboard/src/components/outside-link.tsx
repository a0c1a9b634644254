import { type ReactNode } from 'react';

/**
 * A link to a page of another program, whose address came from outside. Anything but a web address is shown as text.
 */
export function OutsideLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  if (!isWebAddress(href)) return <>{children}</>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

/** `javascript:` and others run in the page. */
function isWebAddress(href: string): boolean {
  return URL.canParse(href) && /^https?:$/.test(new URL(href).protocol);
}
