export { describeFlow, type Flow, type FlowTransport } from './flow.ts';
