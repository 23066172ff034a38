/** `SmtpAccounts` as `smtp-accounts`; slashes stay. Classic plugins' names and default routes are made this way. */
export const kebabCase = (text: string): string =>
  text.replace(/([a-z\d])([A-Z])/g, '$1-$2').replace(/[\s_]+/g, '-').toLowerCase()
