import { type AnchorHTMLAttributes } from 'react';
import styles from './button.module.css';

interface LinkButtonProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly href: string;
  readonly tone?: 'primary' | 'plain';
}

/** Leads to an address of this server, and looks like a button. */
export function LinkButton({ tone = 'plain', className, ...rest }: LinkButtonProps) {
  const classes = [styles['button'], styles[tone], styles['link'], className].filter(Boolean).join(' ');
  return <a className={classes} {...rest} />;
}
