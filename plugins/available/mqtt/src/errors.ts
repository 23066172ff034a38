import { defineErrors } from '@mortise/sdk'

export const errors = defineErrors('mqtt', {
  too_fast: { code: 1, class: 'TooManyRequestsError', message: 'This client publishes faster than it may.' },
})
