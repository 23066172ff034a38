export { bindSchemas } from './bind-schemas.js'
