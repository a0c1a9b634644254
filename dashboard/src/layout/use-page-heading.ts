import { type RefObject, useEffect, useRef } from 'react';

/**
 * Names the document after the page's heading, and moves the focus there when the reader has gone to another page: to those
 * who do not see it, nothing else says that the page has changed.
 * @param main holds the page, whose heading may appear later than the page itself
 * @param path of the page
 */
export function usePageHeading(main: RefObject<HTMLElement | null>, path: string): void {
  const isFirst = useRef(true);
  useEffect(() => {
    const { current } = main;
    if (current === null) return undefined;
    const mustFocus = !isFirst.current;
    isFirst.current = false;
    let focused: HTMLHeadingElement | undefined;
    const look = (): void => {
      // React hides the page before until the script of the next one has been read.
      const heading = [...current.querySelectorAll('h1')].find((each) => each.checkVisibility());
      const text = heading?.textContent.trim() ?? '';
      const title = text === '' ? 'Windlass' : `${text} · Windlass`;
      if (document.title !== title) document.title = title;
      // The heading of a page that loads is replaced by the one of what it has loaded.
      const isLost = focused?.isConnected === false && document.activeElement === document.body;
      if (!mustFocus || heading === undefined || (focused !== undefined && !isLost)) return;
      focused = heading;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      if (!isLost) window.scrollTo({ top: 0 });
    };
    look();
    const observer = new MutationObserver(look);
    observer.observe(current, { childList: true, characterData: true, subtree: true });
    return () => observer.disconnect();
  }, [main, path]);
}
