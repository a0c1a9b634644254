import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import styles from './plot.module.css';
import { plotData, type PlotContent, plotOptions } from './plot-options';
import { useThemeChanges } from './use-theme-changes';

const height = 224;

interface PlotProps {
  readonly content: PlotContent;
  /** For those who do not see it: what the table beside it has. */
  readonly describedAs: string;
}

/** A small plot. Its numbers are in the table beside it, and those at the pointer are above it. */
export function Plot({ content, describedAs }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<number>();
  const theme = useThemeChanges();
  useEffect(() => {
    const { current } = host;
    if (current === null) return undefined;
    const style = getComputedStyle(current);
    const font = `12px ${style.fontFamily}`;
    const size = { width: current.clientWidth, height };
    const options = plotOptions(
      content,
      size,
      { colorOf: (token) => colorIn(current, token), font },
      setPlace,
    );
    const plot = new uPlot(options, plotData(content), current);
    const resizes = new ResizeObserver(() => {
      const { clientWidth: width } = current;
      if (width > 0 && width !== plot.width) plot.setSize({ width, height });
    });
    resizes.observe(current);
    return () => {
      resizes.disconnect();
      plot.destroy();
    };
  }, [content, theme]);
  const { series, format, labels } = content;
  return (
    <figure className={styles['figure']}>
      <figcaption className={styles['legend']} aria-hidden="true">
        <span className={styles['place']}>{place === undefined ? '' : labels[place]}</span>
        {series.map(({ name, color, shape, values }) => {
          const value = place === undefined ? undefined : values[place];
          return (
            <span key={name} className={styles['entry']}>
              <span
                className={`${styles['swatch'] ?? ''} ${styles[shape] ?? ''}`}
                style={{ color: `var(${color})` }}
              />
              {name}
              {value !== undefined && <strong>{value === null ? '–' : format(value)}</strong>}
            </span>
          );
        })}
      </figcaption>
      <div ref={host} className={styles['canvas']} role="img" aria-label={describedAs} />
    </figure>
  );
}

/** As a canvas takes it: it knows no custom properties. */
function colorIn(parent: HTMLElement, token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  parent.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
