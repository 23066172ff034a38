export { ManualClock } from '@app/testing'
