export { assetRoutes } from './asset.routes.ts'
export { tellOfEnds } from './asset.tell.ts'
export { serviceFunctions, type ServiceFunction } from './asset.functions.ts'
