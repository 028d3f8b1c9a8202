import { Workflow, type IDataObject } from 'n8n-workflow';

/** What n8n makes of an expression in a credential. */
export function evaluated(expression: string, credentials: IDataObject): unknown {
	const workflow = new Workflow({
		nodes: [],
		connections: {},
		active: false,
		nodeTypes: {
			getByName: () => ({ description: {} }) as never,
			getByNameAndVersion: () => ({ description: {} }) as never,
			getKnownTypes: () => ({}),
		},
	});
	return workflow.expression.getSimpleParameterValue(
		{ id: '1', name: 'Node', type: 'node', typeVersion: 1, position: [0, 0], parameters: {} },
		expression,
		'internal',
		{ $credentials: credentials },
	);
}
