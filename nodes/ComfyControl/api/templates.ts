import { MultipartBody, type FormPart } from '../transport/multipart';
import { isEntity, listEndpoint, type ById } from './collections';
import { endpoint } from './endpoint';
import { jsonFile } from './jsonFile';

const noun = 'template';
const path = '/v1/template';
const ofOne = `${path}/{id}`;

/** What a template is made of, or what is to be changed of it. */
export interface TemplateContent {
	name?: string;
	description?: string;
	/** The workflow's JSON. */
	definition?: string;
}

export const createTemplate = endpoint({
	method: 'POST',
	path,
	page: 'templates/create',
	noun,
	content: bodyOf,
	isExpected: isEntity,
});

export const listTemplates = listEndpoint({ path, page: 'templates/list', noun }, 'templates');

/** Reads a template with its workflow JSON. */
export const getTemplate = endpoint({
	method: 'GET',
	path: ofOne,
	page: 'templates/get',
	noun,
	content: (_: ById) => ({}),
	isExpected: isEntity,
});

export const updateTemplate = endpoint({
	method: 'PUT',
	path: ofOne,
	page: 'templates/update',
	noun,
	content: (template: ById & TemplateContent) => bodyOf(template),
	isExpected: isEntity,
});

function bodyOf({ name, description, definition }: TemplateContent & { id?: string }) {
	const parts: FormPart[] = [];
	if (name !== undefined) parts.push({ field: 'name', text: name });
	if (description !== undefined) parts.push({ field: 'description', text: description });
	if (definition !== undefined) parts.push(jsonFile('body', definition));
	return { body: new MultipartBody(parts) };
}
