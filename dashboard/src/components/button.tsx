import { type ButtonHTMLAttributes } from 'react';
import styles from './button.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary`: what most people come for; `danger`: what is hard to take back. */
  readonly tone?: 'primary' | 'danger' | 'plain';
}

export function Button({ tone = 'plain', type = 'button', className, ...rest }: ButtonProps) {
  const classes = [styles['button'], styles[tone], className].filter(Boolean).join(' ');
  return <button type={type} className={classes} {...rest} />;
}
