import { at } from '../support/guards';
import { rowsNode, type N8nNode } from './workflows';

const SHEETS = 'n8n-nodes-base.googleSheets';
const DRIVE = 'n8n-nodes-base.googleDrive';

/** The sheet of the tests: one row has its picture, another one its problem, and a third one a sampler that there isn't. */
export const SHEET = [
	{ row_number: 2, product: 'oak chair', prompt: 'an oak chair', picture: '', problem: '' },
	{ row_number: 3, product: 'shelf', prompt: 'a shelf', picture: 'https://…', problem: '' },
	{ row_number: 4, product: 'lamp', prompt: 'a lamp', sampler: 'none', picture: '', problem: '' },
	{ row_number: 5, product: 'tea pot', prompt: 'a tea pot', picture: '', problem: '' },
	{ row_number: 6, product: 'rug', prompt: 'a rug', picture: '', problem: 'may still run' },
];

/** Where the drive of the tests says that it keeps a file. */
export function linkInDrive(fileName: string): string {
	return `https://drive.google.com/file/d/${fileName}/view`;
}

/** A node of n8n that does the work of a Google node, as far as an n8n workflow sees it, without an account there. */
export function googleStandIn(node: N8nNode): N8nNode | undefined {
	const { type, parameters } = node;
	if (type === SHEETS && parameters.operation === 'read') {
		return inPlaceOf(node, rowsNode(SHEET.filter((row) => isWanted(row, parameters))));
	}
	if (type === SHEETS && parameters.operation === 'update') {
		const values = Object.entries(Object(at(parameters, 'columns', 'value')));
		return inPlaceOf(node, setNode(values));
	}
	if (type === DRIVE && parameters.operation === 'upload') {
		const link = linkInDrive(`{{ $binary.${String(parameters.inputDataFieldName)}.fileName }}`);
		return inPlaceOf(node, setNode([['webViewLink', `=${link}`]]));
	}
	return undefined;
}

function inPlaceOf({ id, name, position }: N8nNode, standIn: N8nNode): N8nNode {
	return { ...standIn, id, name, position };
}

function isWanted(row: object, parameters: N8nNode['parameters']): boolean {
	const filters = at(parameters, 'filtersUI', 'values');
	if (!Array.isArray(filters)) return true;
	return filters.every((filter: unknown) => {
		const cell = at(row, String(at(filter, 'lookupColumn')));
		return cell === at(filter, 'lookupValue');
	});
}

function setNode(fields: Array<[name: string, value: unknown]>): N8nNode {
	const assignments = fields.map(([name, value]) => ({ id: name, name, value, type: 'string' }));
	return {
		id: '',
		name: '',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		position: [0, 0],
		parameters: { assignments: { assignments }, options: {} },
	};
}
