export { DecisionClient, type DecisionClientOptions } from './decision-client.ts';
