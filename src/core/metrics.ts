/** What operations can see from outside; labels come from fixed lists, never from data. */
export interface Metrics {
  agentRun(agentType: string, outcome: { seconds: number; errorCode?: string }): void;
  gateCall(tool: string, outcome: string, seconds: number): void;
  jobRun(name: string, outcome: 'ok' | 'failed' | 'dead', seconds: number): void;
  decision(outcome: string): void;
}
