import { InvalidArgumentError } from 'commander'

/** Reads the address of a host as `--url` has it. @throws InvalidArgumentError when it is none of HTTP, which ends the command as misused */
export function readUrl(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text
  throw new InvalidArgumentError('Write an address such as https://api.example.com.')
}
