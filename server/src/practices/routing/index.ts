export { routingPolicy, type RoutingPolicy } from './routing.policy.ts'
export { routeRecord, type Routed } from './routing.decide.ts'
