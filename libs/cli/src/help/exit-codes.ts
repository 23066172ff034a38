/** What the process of a command ends with. */
export const EXIT_CODES = {
  done: { code: 0, means: 'done; also for --help and --version' },
  refused: { code: 1, means: 'refused or failed; standard error says why, and what to do' },
  misused: { code: 2, means: 'the command line is wrong: an unknown command or option, an argument too few, or one that cannot be meant' },
} as const
