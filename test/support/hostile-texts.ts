/** Texts that would be statements, or templates, if anybody took them for such. */
export const STATEMENTS = [
  "x'; DROP TABLE users; --", "' OR '1'='1", '" OR ""="', '1; SELECT * FROM documents', "x') UNION SELECT secret FROM settings --", "'||(SELECT 1)||'", '`; DROP TABLE x;`',
  "E'\\'; SELECT pg_sleep(5); --", "'; ATTACH DATABASE '/tmp/x' AS x; --", "$$;SELECT 1;$$", '\\', '%', '_', '$1', '?', ':id', '@p1', '${7*7}', '{{7*7}}',
]

/** Texts that would lead elsewhere, if anybody took them for paths. */
export const PATHS = [
  '../../etc/passwd', '..', '.', '/', '//', '..%2f..%2f', '..\\..\\windows', '%2e%2e%2f', 'file:///etc/passwd', 'C:\\', '/proc/self/environ', 'a/b/c', '.git/config',
  '....//....//', '..;/', '%252e%252e%252f', '~root', '\\\\server\\share', 'con', 'a/../b', './boss', 'boss/.', '_search', '_create', '_me',
]
