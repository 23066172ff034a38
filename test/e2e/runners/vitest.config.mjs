export default { test: { include: ['test/e2e/runners/*.vitest.mjs'] } }
