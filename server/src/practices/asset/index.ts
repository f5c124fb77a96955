export { assetRoutes } from './asset.routes.ts'
export { auditsServed } from './audit.routes.ts'
export { tellOfEnds } from './asset.tell.ts'
export { serviceFunctions } from './asset.functions.ts'
