/** The wheel of a windlass, and its name. */
export function Brand() {
  return (
    <>
      <svg
        viewBox="0 0 32 32"
        width="24"
        height="24"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.5"
        aria-hidden
      >
        <circle cx="16" cy="16" r="6.5" />
        <path
          strokeLinecap="round"
          d="M16 3v6.5M16 22.5V29M3 16h6.5M22.5 16H29M6.8 6.8l4.6 4.6M20.6 20.6l4.6 4.6M25.2 6.8l-4.6 4.6M11.4 20.6l-4.6 4.6"
        />
      </svg>
      <span>Windlass</span>
    </>
  );
}
