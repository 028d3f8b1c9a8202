import type { INode } from 'n8n-workflow';

import type { Checked } from '../../parameters/types';
import { operationError } from '../../basics/problem';

/** The value that passed its check. @throws NodeOperationError with the problem otherwise */
export function valueOrThrow<T>(
	node: INode,
	checked: Checked<T>,
	itemIndex: number | undefined,
): T {
	if ('problem' in checked) throw operationError(node, checked.problem, itemIndex);
	return checked.value;
}
