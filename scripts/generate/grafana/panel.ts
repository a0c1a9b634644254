/** A panel of the Grafana dashboard, without its place and look. */

export type Unit = 's' | 'short' | 'reqps' | 'bytes' | 'percentunit' | 'none';

export interface Target {
  readonly expr: string;
  readonly legend?: string;
}

export interface PanelContent {
  readonly title: string;
  /** What it means, and what to do. */
  readonly description: string;
  readonly kind: 'stat' | 'timeseries' | 'bargauge';
  readonly unit: Unit;
  readonly targets: readonly Target[];
  readonly stacked?: true;
  /** The value from which on it is shown as a warning, and as an error. */
  readonly thresholds?: { readonly warning?: number; readonly error?: number };
  /** Lower values are worse: it is an error below this one. */
  readonly errorBelow?: number;
}

export interface Row {
  readonly title: string;
  /** Of all its panels, of 24 columns. */
  readonly panelWidth: number;
  readonly panelHeight: number;
  readonly panels: readonly PanelContent[];
}
