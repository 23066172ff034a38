import { Refusal } from '../refusal.js'

/** No host answers: what would be asked of it can only be prepared for its next start. */
export class NoHost extends Refusal {}
