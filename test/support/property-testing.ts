import fc from 'fast-check'

/* Properties are tried with the same values in each run, so that a test fails for what was changed; `npm run test:random` tries new ones. */
const { MORTISE_TEST_SEED: given = '20261121' } = process.env

/** What all random tests begin with; a test that fails prints it. */
export const seed = given === 'random' ? Date.now() % 2 ** 31 : Number(given)

fc.configureGlobal({ seed })

export default fc
