import { BINARY_ENCODING, type IBinaryData, type IExecuteFunctions } from 'n8n-workflow';

import { isBinaryData } from '../basics/guards';
import type { FileParameter } from '../parameters/types';
import { bytesOf, type FileSource, type FileStream } from '../transport/multipart';
import { operationError } from '../basics/nodeErrors';
import { isFileAddress, shownAddress } from '../parameters/fileAddress';
import { listed, shortened } from '../parameters/wording';
import { fileAt } from './fileAt';

/**
 * Finds the file of a file parameter: in the item's binary field of that name, in its only binary
 * field when none is named, at an address, or the file itself when an expression gives one. Only what is at
 * an address is read yet, into n8n's store.
 *
 * @throws NodeOperationError when there is no such file, or it is empty
 * @throws ManualExecutionCancelledError when the execution is stopped while it is fetched
 */
export async function inputFile(
	context: IExecuteFunctions,
	parameter: FileParameter,
	itemIndex: number,
): Promise<FileSource> {
	const data = await findBinaryData(context, parameter, itemIndex);
	const sizeBytes = await sizeInBytes(context, data).catch(() => {
		throw unavailableFile(context, parameter, data, itemIndex);
	});
	if (sizeBytes === 0) {
		throw operationError(
			context.getNode(),
			{
				message: `The file for '${parameter.name}' is empty`,
				description: `'${data.fileName ?? 'It'}' has 0 bytes. Check the node that reads or makes the file.`,
			},
			itemIndex,
		);
	}
	return {
		fileName: data.fileName || defaultFileName(parameter.name, data),
		mimeType: data.mimeType,
		sizeBytes,
		open: async () => await openBinaryData(context, data),
	};
}

async function findBinaryData(
	context: IExecuteFunctions,
	{ name, input }: FileParameter,
	itemIndex: number,
): Promise<IBinaryData> {
	if (typeof input !== 'string') return input;
	const fields = binaryFieldsOf(context, itemIndex);
	if (isFileAddress(input) && !fields.includes(input)) {
		return await fetchedFile(context, name, input, itemIndex);
	}
	const field = fieldCalled(input, fields);
	if (field === '') throw missingFile(context, name, 'No input field is given', fields, itemIndex);
	const { binary = {} } = context.getInputData()[itemIndex];
	if (Object.hasOwn(binary, field)) return binary[field];
	try {
		// Any object has a `constructor`, which is no file.
		if (!(field in binary)) return context.helpers.assertBinaryData(itemIndex, field);
	} catch {
		// It is told below.
	}
	throw missingFile(context, name, `The item has no binary field '${field}'`, fields, itemIndex);
}

async function fetchedFile(
	context: IExecuteFunctions,
	name: string,
	address: string,
	itemIndex: number,
): Promise<IBinaryData> {
	const file = await fileAt(context, address, itemIndex);
	if ('value' in file) return file.value;
	const { message: reason, description } = file.problem;
	const message = `The file for '${shortened(name)}' can't be fetched from ${shownAddress(address)}: ${reason}`;
	throw operationError(context.getNode(), { message, description }, itemIndex);
}

function fieldCalled(written: string, fields: string[]): string {
	const name = fields.includes(written) ? written : written.trim();
	if (name === '' && fields.length === 1) return fields[0];
	// Where n8n's combined binary mode moves a binary field to: the name stays valid in both modes.
	const moved = `_files.${name}`;
	return !fields.includes(name) && fields.includes(moved) ? moved : name;
}

function unavailableFile(
	context: IExecuteFunctions,
	{ name }: FileParameter,
	{ fileName }: IBinaryData,
	itemIndex: number,
) {
	return operationError(
		context.getNode(),
		{
			message: `n8n no longer has the file ${fileName ? `'${fileName}' ` : ''}for '${name}'`,
			description: 'Run the node that reads or makes the file again.',
		},
		itemIndex,
	);
}

function missingFile(
	context: IExecuteFunctions,
	name: string,
	reason: string,
	fields: string[],
	itemIndex: number,
) {
	const available =
		fields.length === 0
			? 'This item has no binary fields. Add a node that reads or makes the file before this one, or enter a URL that begins with https://, or an expression that gives a file.'
			: `This item has the binary ${fields.length === 1 ? 'field' : 'fields'} ${listed(fields.map((field) => `'${field}'`))}. Enter ${fields.length === 1 ? 'it' : 'one of them'} in 'Input Data Field Name'.`;
	return operationError(
		context.getNode(),
		{ message: `${reason} for the file parameter '${name}'`, description: available },
		itemIndex,
	);
}

// In n8n's combined binary mode files are among the item's JSON fields, at any depth; those in memory stay where they were.
/** The names of the item's binary fields. */
export function binaryFieldsOf(context: IExecuteFunctions, itemIndex: number): string[] {
	const { binary, json } = context.getInputData()[itemIndex];
	// n8n 1 has no such mode, and no such function.
	const isCombined = context.getWorkflowSettings?.().binaryMode === 'combined';
	return [...Object.keys(binary ?? {}), ...(isCombined ? pathsToFiles(json) : [])];
}

function pathsToFiles(value: unknown, path: string[] = []): string[] {
	if (isBinaryData(value)) return [path.join('.')];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) => pathsToFiles(inner, [...path, key]));
}

async function sizeInBytes(context: IExecuteFunctions, data: IBinaryData): Promise<number> {
	if (data.id === undefined) return inlineBytes(data).length;
	const { fileSize } = await context.helpers.getBinaryMetadata(data.id);
	return fileSize;
}

async function openBinaryData(context: IExecuteFunctions, data: IBinaryData): Promise<FileStream> {
	if (data.id !== undefined) return await context.helpers.getBinaryStream(data.id);
	return bytesOf(inlineBytes(data));
}

// Some nodes put a whole data URL where n8n has base64 alone.
function inlineBytes({ data }: IBinaryData): Buffer {
	return Buffer.from(data.replace(/^data:[^,]*,/, ''), BINARY_ENCODING);
}

function defaultFileName(name: string, { fileExtension }: IBinaryData): string {
	return fileExtension ? `${name}.${fileExtension}` : name;
}
