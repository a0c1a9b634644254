/** How many requests the activities take, usually at most, with the service that takes most. What is not spent is given back. */
export const visitOf = {
  /** Finds and creates it, sets and reads its check, comments, reads what protects the base branch. */
  open: { requests: 8, changes: 3 },
  merge: { requests: 8, changes: 1 },
  /** Sets a check, and writes a comment or closes. */
  comment: { requests: 6, changes: 3 },
  /** A list, some of the pull requests by number, and who merged them. More would hardly ever be free where much is asked. */
  look: { requests: 8, changes: 0 },
} as const;
