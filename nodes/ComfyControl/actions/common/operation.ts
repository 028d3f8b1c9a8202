import type { IExecuteFunctions } from 'n8n-workflow';

import type { FailurePolicy, Outcome } from '../../batch/outcome';

/** What an operation does with the node's items. One outcome for each item it got to. */
export type Operation = (context: IExecuteFunctions, policy: FailurePolicy) => Promise<Outcome[]>;
